// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/review.h"

#include "client/run_on_pool.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <map>
#include <utility>

namespace culprit::ui {

namespace {

constexpr qsizetype longestNote = 4096; ///< Bytes of UTF-8, as review::checkDecision has it.

QString accountName()
{
    for (const char* variable : {"USER", "LOGNAME", "USERNAME"})
        if (const QString name = qEnvironmentVariable(variable).trimmed(); !name.isEmpty())
            return name.left(100);
    return QStringLiteral("reviewer");
}

Decision shownAs(review::Verdict verdict)
{
    switch (verdict) {
    case review::Verdict::Keep:
        return Decision::Keep;
    case review::Verdict::Relabel:
        return Decision::Relabel;
    case review::Verdict::Exclude:
        return Decision::Exclude;
    case review::Verdict::Flag:
        return Decision::Flag;
    case review::Verdict::Undecided:
        break;
    }
    return Decision::Undecided;
}

/// Cut off between two characters.
std::string noteText(const QString& note)
{
    QByteArray bytes = note.toUtf8();
    bytes.replace('\0', ' ');
    if (bytes.size() <= longestNote)
        return bytes.toStdString();
    qsizetype end = longestNote;
    while (end > 0 && (static_cast<unsigned char>(bytes.at(end)) & 0xC0U) == 0x80U)
        --end;
    return bytes.left(end).toStdString();
}

std::vector<data::ImageId> imagesOf(std::span<const review::Entry> entries)
{
    std::vector<data::ImageId> ids;
    ids.reserve(entries.size());
    for (const review::Entry& entry : entries)
        ids.push_back(entry.image);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

std::vector<data::ImageId> imagesOf(const review::Reading& reading)
{
    std::vector<data::ImageId> ids;
    ids.reserve(reading.decisions.size());
    for (const auto& [id, decision] : reading.decisions)
        ids.push_back(id);
    return ids;
}

std::vector<data::ImageId> joined(const std::vector<data::ImageId>& a, const std::vector<data::ImageId>& b)
{
    std::vector<data::ImageId> all;
    all.reserve(a.size() + b.size());
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(all));
    return all;
}

/// A note alone does not.
bool changesTheRepair(const review::Entry& entry)
{
    return entry.from.verdict != entry.to.verdict || entry.from.label != entry.to.label;
}

std::int64_t* placeOf(review::Tally& tally, review::Verdict verdict)
{
    switch (verdict) {
    case review::Verdict::Keep:
        return &tally.kept;
    case review::Verdict::Relabel:
        return &tally.relabelled;
    case review::Verdict::Exclude:
        return &tally.excluded;
    case review::Verdict::Flag:
        return &tally.flagged;
    case review::Verdict::Undecided:
        break;
    }
    return nullptr;
}

QString verb(review::Verdict verdict)
{
    switch (verdict) {
    case review::Verdict::Keep:
        return Review::tr("keep %1", "keep 12 images");
    case review::Verdict::Relabel:
        return Review::tr("relabel %1");
    case review::Verdict::Exclude:
        return Review::tr("exclude %1");
    case review::Verdict::Flag:
        return Review::tr("flag %1");
    case review::Verdict::Undecided:
        break;
    }
    return Review::tr("leave %1 undecided");
}

/// What a step did, where `of` tells the decision that it led to.
QString stepInWords(std::span<const review::Entry> entries,
                    const review::Decision& (*of)(const review::Entry&),
                    const review::Decision& (*before)(const review::Entry&))
{
    if (entries.empty())
        return {};
    const review::Verdict verdict = of(entries.front()).verdict;
    bool isOneVerdict = true;
    bool isNotesAlone = true;
    for (const review::Entry& entry : entries) {
        isOneVerdict = isOneVerdict && of(entry).verdict == verdict;
        isNotesAlone = isNotesAlone && of(entry).verdict == before(entry).verdict &&
                       of(entry).label == before(entry).label;
    }
    const auto count = static_cast<int>(entries.size());
    const QString images = count == 1 ? ImageListModel::nameOf(entries.front().image)
                                      : Review::tr("%Ln image(s)", nullptr, count);
    if (isNotesAlone)
        return Review::tr("change the note on %1").arg(images);
    return isOneVerdict ? verb(verdict).arg(images) : Review::tr("decide %1").arg(images);
}

const review::Decision& fromOf(const review::Entry& entry)
{
    return entry.from;
}

const review::Decision& toOf(const review::Entry& entry)
{
    return entry.to;
}

} // namespace

Review::Review(Investigation* investigation, QObject* parent)
    : QObject(parent), m_investigation(investigation), m_reviewer(accountName())
{
    connect(investigation, &Investigation::dataChanged, this, &Review::followData);
    connect(investigation, &Investigation::cutChanged, this, &Review::countAnew);
    followData();
    investigation->setDecisions(
        [self = QPointer<Review>(this)] { return self ? self->rows() : ReviewedRows(); });
}

// --- Where the journal comes from and goes to -----------------------------------------------------------

void Review::begin(const review::Journal& journal, const Storage& storage)
{
    useStorage(storage);
    replaceJournal(journal);
    Q_EMIT savingChanged();
}

void Review::keepIn(const Storage& storage, std::size_t stored)
{
    useStorage(storage);
    for (review::Step& step : review::Journal::stepsOf(m_journal.entries().subspan(stored)))
        m_unsaved.push_back(std::make_shared<const review::Step>(std::move(step)));
    Q_EMIT savingChanged();
    storeNext();
}

void Review::useStorage(const Storage& storage)
{
    ++m_generation;
    m_storage = storage;
    m_isStoring = false;
    m_unsaved.clear();
}

void Review::replaceJournal(review::Journal journal)
{
    const std::vector<data::ImageId> before = imagesOf(reading());
    m_journal = std::move(journal);
    const std::vector<data::ImageId> changed = joined(before, imagesOf(reading()));
    countAnew();
    tell(changed);
}

/// Decisions belong to the data they were made on. The same data opened again, on another device or by
/// another engine, are the same.
void Review::followData()
{
    DataMark mark;
    if (const auto& data = m_investigation->findings().data)
        mark = {m_investigation->dataPath(), data->format, data->classes, data->train.indices,
                data->train.labels};
    const bool isOther = mark != std::exchange(m_data, mark);
    if (isOther && !m_storage && m_journal.head().count > 0)
        begin({}, {});
    else
        countAnew();
}

Saving Review::saving() const
{
    if (!m_storage)
        return Saving::InMemory;
    return m_unsaved.empty() ? Saving::Saved : Saving::Saving;
}

bool Review::isSaved(const data::ImageId& id) const
{
    const auto speaksOf = [&](const std::shared_ptr<const review::Step>& step) {
        return std::any_of(step->begin(), step->end(),
                           [&](const review::Entry& entry) { return entry.image == id; });
    };
    return std::none_of(m_unsaved.begin(), m_unsaved.end(), speaksOf);
}

void Review::setReviewer(const QString& name)
{
    if (name == m_reviewer)
        return;
    const std::vector<data::ImageId> before = imagesOf(reading());
    m_reviewer = name;
    countAnew();
    Q_EMIT reviewerChanged();
    tell(joined(before, imagesOf(reading())));
}

void Review::setReadOnlyReason(const QString& reason)
{
    m_readOnlyReason = reason;
    Q_EMIT undoChanged();
}

void Review::make(Expected<review::Step> step)
{
    if (!m_readOnlyReason.isEmpty()) {
        Q_EMIT failed({Error::Kind::BadInput, m_readOnlyReason.toStdString(), {}});
        return;
    }
    if (!step) {
        Q_EMIT failed(step.error());
        return;
    }
    if (step->empty())
        return;
    if (auto adopted = m_journal.adoptChecked(*step); !adopted) {
        Q_EMIT failed(adopted.error());
        return;
    }
    count(*step);
    if (std::any_of(step->begin(), step->end(), changesTheRepair))
        m_investigation->decisionsChanged();
    const std::vector<data::ImageId> images = imagesOf(*step);
    if (m_storage)
        m_unsaved.push_back(std::make_shared<const review::Step>(std::move(*step)));
    tell(images);
    if (!m_storage)
        return;
    Q_EMIT savingChanged();
    storeNext();
}

void Review::storeNext()
{
    if (m_isStoring || m_unsaved.empty())
        return;
    m_isStoring = true;
    // The storage may answer before it returns, and may be replaced then.
    const Storage storage = m_storage;
    const auto step = m_unsaved.front();
    storage(*step,
            [this, self = QPointer<Review>(this), generation = m_generation](const Expected<void>& result) {
                if (self && generation == m_generation)
                    stored(result);
            });
}

void Review::stored(const Expected<void>& result)
{
    m_isStoring = false;
    if (!result) {
        takeBackUnsaved();
        Q_EMIT failed(result.error());
    } else {
        m_unsaved.pop_front();
    }
    Q_EMIT savingChanged();
    storeNext();
}

void Review::takeBackUnsaved()
{
    std::size_t unsaved = 0;
    for (const auto& step : m_unsaved)
        unsaved += step->size();
    m_unsaved.clear();
    const auto entries = m_journal.entries();
    auto saved = review::Journal::replay(entries.first(entries.size() - unsaved), "the decisions");
    Q_ASSERT(saved.has_value()); // it was replayed from a journal
    if (saved)
        replaceJournal(*std::move(saved));
    m_investigation->decisionsChanged();
}

void Review::tell(const std::vector<data::ImageId>& ids)
{
    if (!ids.empty())
        Q_EMIT decided(ids);
    Q_EMIT undoChanged();
}

// --- Deciding -------------------------------------------------------------------------------------------

review::Stamp Review::stamp() const
{
    return {QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toStdString(), readerName()};
}

void Review::decideEach(std::span<const data::ImageId> ids,
                        const std::function<std::optional<review::Decision>(const data::ImageId&)>& decision)
{
    std::vector<review::Edit> edits;
    edits.reserve(ids.size());
    for (const data::ImageId& id : ids) {
        if (id.part != data::Part::Train || m_investigation->rowOf(id) < 0)
            continue;
        if (const auto decided = decision(id))
            edits.push_back({id, *decided});
    }
    make(m_journal.decide(edits, stamp()));
}

void Review::decide(std::span<const data::ImageId> ids, review::Verdict verdict, std::int32_t label)
{
    const ImageItems& items = m_investigation->trainItems();
    decideEach(ids, [&](const data::ImageId& id) {
        const std::string& note = decisionOf(id).note;
        if (verdict != review::Verdict::Relabel)
            return review::Decision{verdict, -1, note};
        const bool isGiven = items.labelAt(m_investigation->rowOf(id)) == label;
        return isGiven ? review::Decision{review::Verdict::Keep, -1, note}
                       : review::Decision{verdict, label, note};
    });
}

void Review::takeSuggestions(std::span<const data::ImageId> ids)
{
    decideEach(ids, [&](const data::ImageId& id) -> std::optional<review::Decision> {
        const std::int32_t label = suggestionFor(id);
        if (label == noClass)
            return std::nullopt;
        return review::Decision{review::Verdict::Relabel, label, decisionOf(id).note};
    });
}

void Review::setNote(std::span<const data::ImageId> ids, const QString& note)
{
    const std::string text = noteText(note);
    decideEach(ids, [&](const data::ImageId& id) {
        review::Decision decision = decisionOf(id);
        decision.note = text;
        return decision;
    });
}

void Review::undo()
{
    make(m_journal.undo(stamp()));
}

void Review::redo()
{
    make(m_journal.redo(stamp()));
}

QString Review::undoWords() const
{
    return stepInWords(m_journal.undoable(readerName()), toOf, fromOf);
}

/// Redo takes an undo back: what was there before the undo is there again.
QString Review::redoWords() const
{
    return stepInWords(m_journal.redoable(readerName()), fromOf, toOf);
}

QString Review::inWords(const data::ImageId& id) const
{
    const review::Decision& decision = decisionOf(id);
    const QString note =
        decision.note.empty() ? QString() : tr("“%1”").arg(QString::fromStdString(decision.note));
    if (decision.verdict == review::Verdict::Undecided)
        return note.isEmpty() ? QString() : tr("Noted: %1").arg(note);
    QString words = ImageListModel::nameOf(shownAs(decision.verdict));
    if (decision.verdict == review::Verdict::Relabel)
        words = tr("relabel to %1").arg(m_investigation->trainItems().className(decision.label));
    return note.isEmpty() ? tr("Decided: %1").arg(words) : tr("Decided: %1, %2").arg(words, note);
}

std::int32_t Review::suggestionFor(const data::ImageId& id) const
{
    const qint64 row = id.part == data::Part::Train ? m_investigation->rowOf(id) : -1;
    if (row < 0)
        return noClass;
    return proposedClass(m_investigation->trainItems(), row);
}

// --- Counting -------------------------------------------------------------------------------------------

bool Review::isCulprit(const data::ImageId& id) const
{
    const qint64 row = m_investigation->rowOf(id);
    const QList<std::uint8_t>& selected = m_investigation->findings().cut.selected;
    return row >= 0 && row < selected.size() && selected.at(row) != 0;
}

/// An image that a step names twice goes through both decisions, so the sums come out right.
void Review::count(const review::Step& step)
{
    ReviewCounts counts = m_counts;
    if (!step.empty() && step.front().reviewer == readerName()) {
        for (const review::Entry& entry : step) {
            if (auto* place = placeOf(counts.made, entry.from.verdict))
                --*place;
            if (auto* place = placeOf(counts.made, entry.to.verdict))
                ++*place;
            counts.notes += (entry.to.note.empty() ? 0 : 1) - (entry.from.note.empty() ? 0 : 1);
            const bool was = entry.from.verdict != review::Verdict::Undecided;
            const bool is = entry.to.verdict != review::Verdict::Undecided;
            if (was != is && isCulprit(entry.image))
                m_culpritsDecided += is ? 1 : -1;
        }
    }
    counts.made.remaining = m_investigation->findings().cut.count - m_culpritsDecided;
    setCounts(counts);
}

void Review::countAnew()
{
    ReviewCounts counts;
    m_culpritsDecided = 0;
    for (const auto& [id, decision] : reading().decisions) {
        counts.notes += decision.note.empty() ? 0 : 1;
        auto* place = placeOf(counts.made, decision.verdict);
        if (!place)
            continue;
        ++*place;
        m_culpritsDecided += isCulprit(id) ? 1 : 0;
    }
    counts.made.remaining = m_investigation->findings().cut.count - m_culpritsDecided;
    setCounts(counts);
}

void Review::setCounts(const ReviewCounts& counts)
{
    if (counts == m_counts)
        return;
    m_counts = counts;
    Q_EMIT countsChanged();
}

ReviewedRows Review::rows() const
{
    ReviewedRows rows;
    for (const auto& [id, decision] : reading().decisions) {
        const qint64 row = m_investigation->rowOf(id);
        if (row < 0)
            continue;
        switch (decision.verdict) {
        case review::Verdict::Relabel:
            rows.relabelled << row;
            rows.labels << decision.label;
            break;
        case review::Verdict::Exclude:
            rows.excluded << row;
            break;
        case review::Verdict::Keep:
        case review::Verdict::Flag:
            rows.acquitted << row;
            break;
        case review::Verdict::Undecided:
            break;
        }
    }
    return rows;
}

QString Review::decisionsInWords() const
{
    const QLocale locale;
    QStringList words;
    const auto add = [&](const QString& text, std::int64_t number) {
        if (number > 0)
            words << text.arg(locale.toString(static_cast<qlonglong>(number)));
    };
    add(tr("%1 excluded"), m_counts.made.excluded);
    add(tr("%1 relabelled"), m_counts.made.relabelled);
    add(tr("%1 kept"), m_counts.made.kept);
    add(tr("%1 flagged"), m_counts.made.flagged);
    return words.join(tr(", "));
}

// --- Showing --------------------------------------------------------------------------------------------

void Review::show(ImageItems& items) const
{
    const auto& decisions = reading().decisions;
    items.decisions.clear();
    items.relabelled.clear();
    if (decisions.empty())
        return;
    items.decisions.fill(Decision::Undecided, items.size());
    items.relabelled.fill(noClass, items.size());
    for (const auto& [id, decision] : decisions) {
        if (const auto row = items.rowOf(id)) {
            items.decisions[*row] = shownAs(decision.verdict);
            items.relabelled[*row] = decision.label;
        }
    }
}

void Review::show(ImageListModel& images, std::span<const data::ImageId> ids) const
{
    std::map<std::pair<Decision, std::int32_t>, std::vector<data::ImageId>> alike;
    for (const data::ImageId& id : ids) {
        const review::Decision& decision = decisionOf(id);
        alike[{shownAs(decision.verdict), decision.label}].push_back(id);
    }
    for (const auto& [decision, list] : alike)
        images.setDecisions(list, decision.first, decision.second);
}

/// review::expectedYield looks at decided images and at those asked about alone, so these are all it is
/// given.
void Review::estimateYield(const std::vector<data::ImageId>& next)
{
    const quint64 question = ++m_question;
    const auto& found = m_investigation->findings().identification;
    if (!found || found->probability.isEmpty())
        return;
    review::Ranking ranking;
    review::Reading decided;
    const auto add = [&](const data::ImageId& id) {
        const qint64 row = m_investigation->rowOf(id);
        if (row < 0 || row >= found->probability.size())
            return false;
        ranking.index.push_back(id.index);
        ranking.probability.push_back(found->probability.at(row));
        return true;
    };
    review::Queue queue;
    for (const data::ImageId& id : next)
        if (add(id))
            queue.push_back(queue.size());
    for (const auto& [id, decision] : reading().decisions)
        if (add(id))
            decided.decisions.emplace(id, review::Decision{decision.verdict, decision.label, {}});
    runOnPool(
        this,
        [ranking = std::move(ranking), decided = std::move(decided), queue = std::move(queue)] {
            return review::expectedYield(queue, ranking, decided, queue.size());
        },
        [this, question](const review::Yield& yield) {
            if (question == m_question)
                Q_EMIT yieldEstimated(yield);
        });
}

} // namespace culprit::ui
