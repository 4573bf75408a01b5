// SPDX-License-Identifier: GPL-3.0-or-later
// Where views get their pictures from: whatever is there at once, the rest as it arrives. The store asks for
// the nearest first, in batches, withdraws what has left the neighbourhood, and keeps what fits its budget.
#pragma once

#include "models/image_items.h"

#include <QHash>
#include <QImage>
#include <QObject>
#include <QPointer>
#include <QSet>
#include <list>

namespace culprit::ui {

/// Delivers pictures without making anyone wait. It may answer late, out of order, or never; every answer
/// says which request it belongs to by repeating `edge`.
class ThumbnailSource : public QObject {
    Q_OBJECT

public:
    /// As an edge: the image as it is, however large.
    static constexpr int fullSize = 0;

    using QObject::QObject;

    /// Pictures whose longer side is at most `edge` pixels; smaller images come as they are. In order of
    /// importance.
    virtual void request(const QList<data::ImageId>& ids, int edge) = 0;
    /// No longer wanted. An answer that comes nevertheless does no harm.
    virtual void cancel(const QList<data::ImageId>& ids, int edge) = 0;

Q_SIGNALS:
    void ready(const culprit::data::ImageId& id, int edge, const QImage& image);
    void failed(const culprit::data::ImageId& id, int edge, const QString& reason);
    /// The ids name other images from now on: other data have been opened.
    void outdated();
};

class ThumbnailStore : public QObject {
    Q_OBJECT

public:
    enum class State { Absent, Awaited, Ready, Failed };

    static constexpr qint64 defaultBudget = qint64{128} * 1024 * 1024;
    static constexpr int batchSize = 64;
    static constexpr int batchesAtOnce =
        2; ///< Few, so that a new neighbourhood does not queue behind an old one.

    explicit ThumbnailStore(QObject* parent = nullptr);

    /// Forgets everything; another data set may use the same ids. The source is not owned.
    void setSource(ThumbnailSource* source);
    /// Bytes of pixels to keep.
    void setBudget(qint64 bytes);
    /// The size asked for. Pictures that were cut down to a smaller one are shown until better ones arrive.
    void setEdge(int edge);
    int edge() const { return m_edge; }

    /// What a view shows or may soon show, nearest to its centre first. Awaited images that are not among
    /// them are withdrawn; missing ones are requested as far as the budget goes.
    void want(const QList<data::ImageId>& nearestFirst);
    /// Asks once more for what could not be read.
    void retryFailed();

    State stateOf(const data::ImageId& id) const;
    /// The picture, or a null image.
    QImage find(const data::ImageId& id) const;
    QString failureOf(const data::ImageId& id) const { return m_failures.value(id); }
    qint64 bytes() const { return m_bytes; }

Q_SIGNALS:
    /// stateOf() has become Ready or Failed.
    void changed(const culprit::data::ImageId& id);
    /// Every picture may have changed.
    void cleared();

private:
    using Recency = std::list<data::ImageId>;
    struct Entry {
        QImage image;
        int edge = 0;
        Recency::iterator place;
    };

    void clear();
    void accept(const data::ImageId& id, int edge, const QImage& image);
    void acceptFailure(const data::ImageId& id, int edge, const QString& reason);
    void insert(const data::ImageId& id, const QImage& image);
    void drop(const data::ImageId& id);
    void evict();
    void withdrawUnwanted();
    void touchWanted();
    void dispatch();
    QList<data::ImageId> nextBatch();
    bool isWanted(const data::ImageId& id) const { return m_wanted.contains(id); }
    bool isSharpEnough(const Entry& entry) const;
    bool needsRequest(const data::ImageId& id) const;

    QPointer<ThumbnailSource> m_source;
    qint64 m_budget = defaultBudget;
    int m_edge = 128;

    QHash<data::ImageId, Entry> m_entries;
    Recency m_recency; ///< Most recently wanted first.
    qint64 m_bytes = 0;
    qint64 m_wantedBytes = 0;
    QHash<data::ImageId, QString> m_failures;

    QList<data::ImageId> m_nearestFirst;
    qsizetype m_nextToRequest = 0;
    QSet<data::ImageId> m_wanted;
    QSet<data::ImageId> m_awaited;
};

} // namespace culprit::ui
