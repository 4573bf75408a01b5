// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/project_binding.h"

#include "base/hash.h"

#include <QDateTime>
#include <QFileInfo>
#include <algorithm>

namespace culprit::ui {

namespace {

constexpr int restMs = 300; ///< A cut that is dragged is written when it rests.
constexpr qsizetype picturesOfRanked = 500;
constexpr qsizetype picturesOfFailures = 200;
constexpr qsizetype picturesAtOnce = 64;
constexpr int pictureSide = 64;
const std::string windowLayout = "window";
const std::string windowFindings = "findings";

std::filesystem::path fileAt(const QString& path)
{
    return std::filesystem::path(path.toStdString());
}

QString absolute(const QString& path)
{
    return path.isEmpty() ? path : QFileInfo(path).absoluteFilePath();
}

std::string now()
{
    return QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toStdString();
}

tl::unexpected<Error> notOpen()
{
    return fail(Error::Kind::BadInput, "no project is open; open or make one first");
}

/// One that cannot be made stays empty.
project::Setup withHashes(project::Setup setup)
{
    for (auto* source : {&setup.trainLabels, &setup.margins})
        if (*source)
            (*source)->hash = sha256OfFile((*source)->path).value_or(std::string());
    return setup;
}

Expected<QHash<data::ImageId, QImage>> picturesIn(const project::Project& project)
{
    QHash<data::ImageId, QImage> pictures;
    for (const data::Part part : {data::Part::Train, data::Part::Test}) {
        auto thumbnails = project.thumbnails(part);
        if (!thumbnails)
            return fail(thumbnails.error());
        for (const auto& thumbnail : *thumbnails)
            pictures.insert(thumbnail.image, pictureOf(thumbnail));
    }
    return pictures;
}

Expected<StoredFindings> storedIn(const project::Project& project)
{
    StoredFindings stored{.setup = project.setup(), .investigation = {}, .failureSet = {}, .windowJson = {}};
    auto investigation = project.latestInvestigation();
    if (!investigation)
        return fail(investigation.error());
    stored.investigation = std::move(*investigation);
    auto sets = project.failureSets();
    if (!sets)
        return fail(sets.error());
    for (auto& set : *sets)
        if (!stored.investigation || set.name == stored.investigation->failureSet)
            stored.failureSet = std::move(set);
    auto json = project.layout(windowFindings);
    if (!json)
        return fail(json.error());
    stored.windowJson = std::move(*json);
    return stored;
}

/// What a new project begins with.
Expected<void> fill(project::Project& project, const ProjectChoice& choice, const review::Journal& journal)
{
    if (!choice.reviewer.isEmpty())
        if (auto named = project.setReviewer(choice.reviewer.toStdString()); !named)
            return named;
    if (choice.isBlind)
        if (auto hidden = project.setBlind(true); !hidden)
            return hidden;
    for (const review::Step& step : review::Journal::stepsOf(journal.entries()))
        if (auto kept = project.append(step); !kept)
            return kept;
    return {};
}

QList<qint64> firstIndices(const QList<qint64>& rows, const OpenedPart& part, qsizetype count)
{
    QList<qint64> indices;
    for (qsizetype i = 0; i < std::min(count, rows.size()); ++i)
        indices << part.indices.at(rows.at(i));
    return indices;
}

} // namespace

/// What the thread reads when a project opens.
struct ProjectBinding::Opening {
    project::Setup setup;
    QString readOnlyReason;
    QString reviewer;
    bool isBlind = false;
    std::string layout;
    review::Journal journal;
    Findings findings;
    QStringList trainFiles;
    QHash<data::ImageId, QImage> pictures;
    std::int64_t investigation = 0;

    static Expected<Opening> from(const project::Project& project)
    {
        auto stored = storedIn(project);
        if (!stored)
            return fail(stored.error());
        auto pictures = picturesIn(project);
        if (!pictures)
            return fail(pictures.error());
        auto layout = project.layout(windowLayout);
        if (!layout)
            return fail(layout.error());
        return Opening{.setup = project.setup(),
                       .readOnlyReason = QString::fromStdString(project.readOnlyReason()),
                       .reviewer = QString::fromStdString(project.reviewer()),
                       .isBlind = project.isBlind(),
                       .layout = std::move(*layout),
                       .journal = project.journal(),
                       .findings = findingsOf(*stored),
                       .trainFiles = trainFilesOf(*stored),
                       .pictures = std::move(*pictures),
                       .investigation = stored->investigation ? stored->investigation->id : 0};
    }
};

ProjectBinding::ProjectBinding(Investigation* investigation, Review* review, StoredPictures* pictures,
                               QObject* parent)
    : QObject(parent), m_investigation(investigation), m_review(review), m_pictures(pictures),
      m_thread(std::make_unique<ProjectThread>())
{
    m_recordSoon.setSingleShot(true);
    m_recordSoon.setInterval(restMs);
    connect(&m_recordSoon, &QTimer::timeout, this, &ProjectBinding::record);
    connect(investigation, &Investigation::dataChanged, this, &ProjectBinding::followSources);
    connect(investigation, &Investigation::modelChanged, this, &ProjectBinding::followSources);
    const auto recordOn = [&](auto signal) {
        connect(investigation, signal, this, &ProjectBinding::recordSoon);
    };
    recordOn(&Investigation::probeChanged);
    recordOn(&Investigation::failuresChanged);
    recordOn(&Investigation::causesChanged);
    recordOn(&Investigation::cutChanged);
    recordOn(&Investigation::treatmentsChanged);
    recordOn(&Investigation::curveChanged);
    connect(investigation, &Investigation::backedChanged, this, [this] {
        if (!m_investigation->isBacked())
            return;
        m_pictures->showLive();
        noteMoved();
        recordSoon();
    });
    connect(investigation, &Investigation::failed, this, [this] { m_asked.reset(); });
}

ProjectBinding::~ProjectBinding()
{
    m_investigation->disconnect(this);
    flush();
}

// --- Open, make, close ----------------------------------------------------------------------------------

void ProjectBinding::create(const ProjectChoice& choice)
{
    DataToOpen data = m_investigation->dataRequest();
    ModelToOpen model = m_investigation->modelRequest();
    data.path = absolute(data.path);
    model.path = absolute(model.path);
    auto setup = setupOf(m_investigation->findings(), data, model, m_investigation->engineSettings().seed);
    if (!setup)
        return Q_EMIT failed(setup.error());
    const QString path = absolute(choice.path);
    flush();
    m_thread->run(
        this,
        [path, choice, setup = *setup,
         journal = m_review->journal()](ProjectSlot& slot) -> Expected<Opening> {
            auto made = project::Project::create(fileAt(path), withHashes(setup));
            if (!made)
                return fail(made.error());
            const auto filled = fill(*made, choice, journal);
            auto opening = filled ? Opening::from(*made) : Expected<Opening>(fail(filled.error()));
            if (opening) {
                slot = std::move(*made);
            } else { // half a project is none
                made = notOpen();
                std::error_code ignored;
                std::filesystem::remove(fileAt(path), ignored);
            }
            return opening;
        },
        [this, path](const Expected<Opening>& opening) {
            if (!opening)
                return Q_EMIT failed(opening.error());
            begin(path, *opening);
            m_review->keepIn(storage(), opening->journal.entries().size());
            bindReview();
            Q_EMIT opened();
            recordSoon();
        });
}

void ProjectBinding::open(const QString& given)
{
    const QString path = absolute(given);
    if (m_isOpen && path == m_path)
        return Q_EMIT opened();
    if (m_isOpen && m_review->saving() == Saving::Saving) { // as in close()
        connect(
            m_review, &Review::savingChanged, this, [this, path] { open(path); }, Qt::SingleShotConnection);
        return;
    }
    flush();
    m_thread->run(
        this,
        [path](ProjectSlot& slot) -> Expected<Opening> {
            auto project = project::Project::open(fileAt(path));
            if (!project)
                return fail(project.error());
            auto opening = Opening::from(*project);
            if (opening)
                slot = std::move(*project);
            return opening;
        },
        [this, path](const Expected<Opening>& opening) {
            if (!opening)
                return Q_EMIT failed(opening.error());
            m_isShowing = true;
            begin(path, *opening);
            m_pictures->showStored(opening->pictures);
            m_investigation->adopt(opening->findings, opening->trainFiles);
            m_review->begin(opening->journal, storage());
            bindReview();
            m_isShowing = false;
            Q_EMIT opened();
        });
}

void ProjectBinding::begin(const QString& path, const Opening& opening)
{
    ++m_generation;
    m_isOpen = true;
    m_path = path;
    m_setup = opening.setup;
    m_readOnlyReason = m_readOnlyFile = opening.readOnlyReason;
    m_reviewer = opening.reviewer;
    m_isBlind = opening.isBlind;
    m_layout = opening.layout;
    m_asked.reset();
    m_recordSoon.stop();
    m_storedRanking.clear();
    if (opening.findings.identification)
        m_storedRanking = opening.findings.identification->ranking;
    m_storedId = std::make_shared<std::int64_t>(opening.investigation);
    Q_EMIT readerChanged();
}

void ProjectBinding::bindReview()
{
    m_review->setReadOnlyReason(m_readOnlyReason);
    if (!m_reviewer.isEmpty())
        m_review->setReviewer(m_reviewer);
}

/// Each step waits for the disk.
Review::Storage ProjectBinding::storage()
{
    return
        [this, generation = m_generation](const review::Step& step, const Review::Acknowledge& acknowledge) {
            if (generation != m_generation)
                return acknowledge(notOpen());
            m_thread->run(
                this,
                [step](ProjectSlot& slot) -> Expected<void> { return slot ? slot->append(step) : notOpen(); },
                acknowledge);
        };
}

/// Steps that wait for the disk belong to this project: it is left when they have got there.
void ProjectBinding::close()
{
    if (!m_isOpen)
        return;
    if (m_review->saving() == Saving::Saving)
        connect(m_review, &Review::savingChanged, this, &ProjectBinding::close, Qt::SingleShotConnection);
    else
        leave({});
}

void ProjectBinding::leave(const QString& reason)
{
    if (reason.isEmpty())
        flush();
    m_recordSoon.stop();
    ++m_generation;
    m_isOpen = false;
    m_path.clear();
    m_setup = {};
    m_readOnlyReason.clear();
    m_readOnlyFile.clear();
    m_reviewer.clear();
    m_layout.clear();
    m_isBlind = false;
    m_storedRanking.clear();
    m_thread->run(
        this, [](ProjectSlot& slot) { return slot.reset(), true; }, [](bool) {});
    m_pictures->showLive();
    m_review->setReadOnlyReason({});
    m_review->begin({}, {});
    Q_EMIT readerChanged();
    Q_EMIT closed(reason);
}

void ProjectBinding::saveCopy(const QString& path)
{
    const QString target = absolute(path);
    m_thread->run(
        this,
        [target](ProjectSlot& slot) -> Expected<void> {
            return slot ? slot->copyTo(fileAt(target)) : notOpen();
        },
        [this, target](const Expected<void>& done) {
            if (done)
                Q_EMIT copied(target);
            else
                Q_EMIT failed(done.error());
        });
}

// --- The files that the project is about ----------------------------------------------------------------

void ProjectBinding::openReadOnly()
{
    if (!m_isOpen || m_investigation->isBacked())
        return;
    flush();
    const QString reason = tr("%1 is open read-only: its model or its data are not those that it was made "
                              "with. Find the earlier "
                              "ones (Find model and data), or make a new project.")
                               .arg(QFileInfo(m_path).fileName());
    setReadOnly(m_readOnlyFile.isEmpty() ? reason : m_readOnlyFile);
    m_investigation->setComputingOff(
        tr("The project's model or data are not those that it was made with: nothing can be computed."));
}

void ProjectBinding::setReadOnly(const QString& reason)
{
    if (m_readOnlyReason == reason)
        return;
    m_recordSoon.stop();
    m_readOnlyReason = reason;
    m_review->setReadOnlyReason(reason);
    Q_EMIT savingChanged();
    Q_EMIT readOnlyChanged();
}

void ProjectBinding::openSources(const MovedFiles& moved)
{
    if (!m_isOpen)
        return;
    setReadOnly(m_readOnlyFile);
    const auto pathOf = [](const std::optional<project::Source>& source) {
        return source ? QString::fromStdString(source->path) : QString();
    };
    DataToOpen data{.path = moved.data.isEmpty() ? QString::fromStdString(m_setup.data.path)
                                                 : absolute(moved.data),
                    .trainSize = {},
                    .trainLabels = pathOf(m_setup.trainLabels)};
    if (m_setup.trainSize)
        data.trainSize = *m_setup.trainSize;
    const ModelToOpen model{.path = moved.model.isEmpty() ? QString::fromStdString(m_setup.model.path)
                                                          : absolute(moved.model),
                            .preprocess = QString::fromStdString(m_setup.preprocess.value_or("")),
                            .margins = pathOf(m_setup.margins)};
    m_asked = data;
    if (m_investigation->findings().identification)
        m_investigation->openBehind(data, model);
    else if (data.path.isEmpty())
        m_investigation->openDemo(model.path);
    else
        m_investigation->open(data, model);
}

void ProjectBinding::noteMoved()
{
    if (!m_isOpen || !m_asked || !m_readOnlyReason.isEmpty())
        return;
    const std::string data = m_investigation->dataRequest().path.toStdString();
    const std::string model = m_investigation->modelRequest().path.toStdString();
    m_asked.reset();
    if (!isOfProject())
        return;
    const auto link = [this](project::Role role, project::Source& source, const std::string& path) {
        if (path == source.path)
            return;
        source.path = path;
        write([role, source](project::Project& project) { return project.relink(role, source); });
    };
    link(project::Role::Data, m_setup.data, data);
    link(project::Role::Model, m_setup.model, model);
}

bool ProjectBinding::isOfProject() const
{
    const Findings& findings = m_investigation->findings();
    const auto differs = [](const QString& hash, const std::string& known) {
        return hash.toStdString() != known;
    };
    return !(findings.data && differs(findings.data->hash, m_setup.data.hash)) &&
           !(findings.model && differs(findings.model->hash, m_setup.model.hash));
}

/// Another model or other data are another investigation: what is found about them is not written here.
void ProjectBinding::followSources()
{
    if (!m_isOpen || m_isShowing)
        return;
    if (!isOfProject())
        leave(
            tr("%1 was closed, because another model or other data are open now. Everything in it is saved.")
                .arg(QFileInfo(m_path).fileName()));
    else
        recordSoon();
}

// --- Writing as things happen ---------------------------------------------------------------------------

void ProjectBinding::write(const std::function<Expected<void>(project::Project&)>& change)
{
    ++m_writes;
    Q_EMIT savingChanged();
    m_thread->run(
        this, [change](ProjectSlot& slot) -> Expected<void> { return slot ? change(*slot) : notOpen(); },
        [this, generation = m_generation](const Expected<void>& done) {
            --m_writes;
            Q_EMIT savingChanged();
            if (!done && generation == m_generation)
                Q_EMIT writeFailed(done.error());
        });
}

void ProjectBinding::recordSoon()
{
    if (!m_isOpen || m_isShowing || !m_readOnlyReason.isEmpty())
        return;
    m_recordSoon.start();
    Q_EMIT savingChanged();
}

/// What is due is given to the thread now.
void ProjectBinding::flush()
{
    if (!m_recordSoon.isActive())
        return;
    m_recordSoon.stop();
    record();
}

FindingsToStore ProjectBinding::toStore() const
{
    FindingsToStore toStore{.findings = m_investigation->findings(),
                            .trainFiles = m_investigation->trainFiles(),
                            .testFiles = m_investigation->testFiles(),
                            .tool = {}};
    if (toStore.findings.data)
        toStore.findings.data->path = m_investigation->dataPath();
    if (toStore.findings.model)
        toStore.findings.model->path = m_investigation->modelPath();
    const auto& info = m_investigation->engine().info();
    toStore.tool = {info.version.toStdString(), info.libtorch.toStdString(),
                    toStore.findings.model ? toStore.findings.model->device.toStdString() : std::string(),
                    m_investigation->engineSettings().threads, m_setup.seed};
    return toStore;
}

void ProjectBinding::record()
{
    const FindingsToStore now = toStore();
    const Findings& findings = now.findings;
    if (!m_isOpen || !findings.data || !findings.model || !findings.evaluation)
        return Q_EMIT savingChanged();
    if (!findings.identification)
        return write([findings](project::Project& project) {
            return project.storeFailureSet(failureSetOf(findings));
        });
    const bool isAnother = findings.identification->ranking.constData() != m_storedRanking.constData();
    if (isAnother) {
        m_storedRanking = findings.identification->ranking;
        m_storedId = std::make_shared<std::int64_t>(0);
    }
    recordFindings(now);
    if (isAnother)
        fetchPictures();
}

void ProjectBinding::recordFindings(const FindingsToStore& toStore)
{
    write([toStore, time = now(), id = m_storedId](project::Project& project) -> Expected<void> {
        if (auto done = project.storeFailureSet(failureSetOf(toStore.findings)); !done)
            return done;
        if (auto done = project.storeLayout(windowFindings, windowJsonOf(toStore.findings)); !done)
            return done;
        if (*id > 0)
            return project.updateInvestigation(*id, resultOf(toStore), selectedByRank(toStore.findings));
        auto stored = project.storeInvestigation(investigationOf(toStore, time));
        if (!stored)
            return fail(stored.error());
        *id = *stored;
        return {};
    });
}

void ProjectBinding::fetchPictures()
{
    const Findings& findings = m_investigation->findings();
    if (!m_investigation->isBacked())
        return;
    fetchPictures(data::Part::Train,
                  firstIndices(findings.identification->ranking, findings.data->train, picturesOfRanked));
    fetchPictures(data::Part::Test,
                  firstIndices(findings.evaluation->failures, findings.data->test, picturesOfFailures));
}

void ProjectBinding::fetchPictures(data::Part part, const QList<qint64>& indices)
{
    for (qsizetype first = 0; first < indices.size(); first += picturesAtOnce) {
        auto* job =
            m_investigation->engine().thumbnails(part, indices.mid(first, picturesAtOnce), pictureSide);
        job->whenFinished(this, [this, part, generation = m_generation](const ThumbnailsReply& reply) {
            if (generation != m_generation || !m_readOnlyReason.isEmpty())
                return;
            write([part, reply](project::Project& project) {
                std::vector<project::Thumbnail> thumbnails;
                for (qsizetype i = 0; i < reply.indices.size(); ++i)
                    thumbnails.push_back(thumbnailOf({part, reply.indices.at(i)}, reply.images.at(i)));
                return project.storeThumbnails(thumbnails);
            });
        });
    }
}

// --- Small things ---------------------------------------------------------------------------------------

void ProjectBinding::setReviewer(const QString& name)
{
    if (!m_isOpen || !m_readOnlyReason.isEmpty() || name.trimmed().isEmpty() || name.trimmed() == m_reviewer)
        return;
    m_reviewer = name.trimmed();
    m_review->setReviewer(m_reviewer);
    write([name = m_reviewer.toStdString()](project::Project& project) { return project.setReviewer(name); });
    Q_EMIT readerChanged();
}

void ProjectBinding::setBlind(bool isBlind)
{
    if (!m_isOpen || !m_readOnlyReason.isEmpty() || isBlind == m_isBlind)
        return;
    m_isBlind = isBlind;
    write([isBlind](project::Project& project) { return project.setBlind(isBlind); });
    Q_EMIT readerChanged();
}

void ProjectBinding::storeLayout(const std::string& json)
{
    if (!m_isOpen || !m_readOnlyReason.isEmpty() || json == m_layout)
        return;
    m_layout = json;
    write([json](project::Project& project) { return project.storeLayout(windowLayout, json); });
}

void ProjectBinding::verify()
{
    m_thread->run(
        this,
        [](ProjectSlot& slot) -> Expected<review::ChainHead> {
            if (!slot)
                return notOpen();
            if (auto whole = slot->verify(); !whole)
                return fail(whole.error());
            return slot->journal().head();
        },
        [this](const Expected<review::ChainHead>& result) { Q_EMIT verified(result); });
}

/// Whatever of it is in the file already is written once more.
void ProjectBinding::retry()
{
    recordSoon();
}

} // namespace culprit::ui
