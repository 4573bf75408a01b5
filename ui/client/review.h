// SPDX-License-Identifier: GPL-3.0-or-later
// What a person decides about the training images, as the window holds it: one journal, of which this
// reader's decisions, undo and redo are shown, and a hook through which every step goes to storage. A
// decision shows at once; it counts as saved when the storage has said so.
#pragma once

#include "client/investigation.h"
#include "models/image_list_model.h"
#include "review/journal.h"
#include "review/queue.h"
#include "review/yield.h"

#include <QPointer>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace culprit::ui {

/// How far the review has come.
struct ReviewCounts {
    review::Tally made; ///< All decisions; `remaining` is how many culprits above the cut are undecided.
    qint64 notes = 0;   ///< Images with a note, decided or not.

    friend bool operator==(const ReviewCounts&, const ReviewCounts&) = default;
};

enum class Saving {
    InMemory, ///< There is no storage.
    Saving,   ///< Something has not been acknowledged yet.
    Saved
};

class Review : public QObject {
    Q_OBJECT

public:
    using Acknowledge = std::function<void(const Expected<void>& stored)>;
    /// Takes a step of the journal and calls `acknowledge` on this object's thread, at once or later, when
    /// the step is on the disk or could not be put there. Steps are handed over one by one, the next only
    /// after the one before was acknowledged. After a failure that step and all that waited behind it are
    /// taken back here, so the storage's journal and this one end with the same entry.
    using Storage = std::function<void(const review::Step& step, const Acknowledge& acknowledge)>;

    /// The investigation is not owned and has to live longer.
    explicit Review(Investigation* investigation, QObject* parent = nullptr);

    /// Goes on with an earlier journal; everything in it counts as saved. Without a storage decisions are
    /// kept in memory, and forgotten when other data are opened; with one, whoever gave it calls this again
    /// then.
    void begin(const review::Journal& journal, const Storage& storage);
    /// Goes on with what was decided in memory: `storage` has the first `stored` entries of journal() and
    /// gets the rest.
    void keepIn(const Storage& storage, std::size_t stored);

    const review::Journal& journal() const { return m_journal; }
    Saving saving() const;
    /// Whether the image's decision is on the disk, or nobody asked for that.
    bool isSaved(const data::ImageId& id) const;

    /// Whose decisions show and are made. At first the name of the account.
    const QString& reviewer() const { return m_reviewer; }
    void setReviewer(const QString& name);

    /// Why nothing can be decided, as failed() then says; empty: everything can.
    const QString& readOnlyReason() const { return m_readOnlyReason; }
    void setReadOnlyReason(const QString& reason);

    // Each of these is one step: one undo takes all of it back. Images that are no training images of the
    // opened data are passed over. failed() tells of what could not be done.

    /// `label` is the class that Relabel gives; an image relabelled to the label it has is kept instead.
    /// Notes stay.
    void decide(std::span<const data::ImageId> ids, review::Verdict verdict, std::int32_t label = noClass);
    /// Relabels each image to suggestionFor() it; images without one stay as they are.
    void takeSuggestions(std::span<const data::ImageId> ids);
    /// Verdicts stay. At most 4 KiB as UTF-8; cut off behind them.
    void setNote(std::span<const data::ImageId> ids, const QString& note);
    void undo();
    void redo();

    bool canUndo() const { return m_journal.canUndo(readerName()); }
    bool canRedo() const { return m_journal.canRedo(readerName()); }
    /// "exclude 12 images", "keep train 4,137", "change 3 notes"; empty where there is nothing to undo.
    QString undoWords() const;
    QString redoWords() const;

    const review::Decision& decisionOf(const data::ImageId& id) const { return reading().of(id); }
    /// "Decided: relabel to 4, “smudged”"; empty for an undecided image without a note.
    QString inWords(const data::ImageId& id) const;
    const review::Reading& reading() const { return m_journal.reading(readerName()); }
    /// What tiles propose before anything is decided, see proposedClass(); noClass where nothing is.
    std::int32_t suggestionFor(const data::ImageId& id) const;

    const ReviewCounts& counts() const { return m_counts; }
    ReviewedRows rows() const;
    /// "12 excluded, 30 relabelled, 5 kept"; empty without decisions.
    QString decisionsInWords() const;

    /// Fills in the decisions of this reader.
    void show(ImageItems& items) const;
    /// Shows those of `ids` in a list that has its items already.
    void show(ImageListModel& images, std::span<const data::ImageId> ids) const;

    /// How many faults the next images of a queue are expected to hold, as review::expectedYield has it,
    /// where `next` are the undecided images that come next. Answers with yieldEstimated(), the latest
    /// question only; not at all where the ranking has no probabilities.
    void estimateYield(const std::vector<data::ImageId>& next);

Q_SIGNALS:
    /// The decisions or notes of these images are others now; ascending.
    void decided(const std::vector<culprit::data::ImageId>& ids);
    void undoChanged();
    void countsChanged();
    void savingChanged();
    void reviewerChanged();
    void yieldEstimated(const culprit::review::Yield& yield);
    /// A step that could not be made or stored; what could not be stored has been taken back.
    void failed(const culprit::Error& error);

private:
    struct DataMark {
        QString path;
        QString format;
        QStringList classes;
        QList<qint64> indices;
        QList<std::int32_t> labels;

        friend bool operator==(const DataMark&, const DataMark&) = default;
    };

    std::string readerName() const { return m_reviewer.toStdString(); }
    review::Stamp stamp() const;
    void make(Expected<review::Step> step);
    void decideEach(std::span<const data::ImageId> ids,
                    const std::function<std::optional<review::Decision>(const data::ImageId&)>& decision);
    void useStorage(const Storage& storage);
    void storeNext();
    void stored(const Expected<void>& result);
    void takeBackUnsaved();
    void replaceJournal(review::Journal journal);
    void tell(const std::vector<data::ImageId>& ids);
    void count(const review::Step& step);
    void countAnew();
    void setCounts(const ReviewCounts& counts);
    bool isCulprit(const data::ImageId& id) const;
    void followData();

    Investigation* m_investigation;
    review::Journal m_journal;
    Storage m_storage;
    std::deque<std::shared_ptr<const review::Step>> m_unsaved; ///< The first of them is with the storage.
    quint64 m_generation = 0; ///< Of the storage: late acknowledgements are not taken for others.
    bool m_isStoring = false;
    QString m_reviewer;
    QString m_readOnlyReason;
    ReviewCounts m_counts;
    qint64 m_culpritsDecided = 0;
    DataMark m_data;
    quint64 m_question = 0; ///< Of estimateYield().
};

} // namespace culprit::ui
