// SPDX-License-Identifier: GPL-3.0-or-later
// Images for the tests of the window: items with known values, sources of pictures that behave and that do
// not, and a message handler that lets no warning pass.
#pragma once

#include "data/demo_set.h"
#include "models/image_items.h"
#include "models/thumbnail_store.h"

#include <QPainter>
#include <QTest>
#include <QTimer>
#include <cmath>
#include <cstring>

namespace culprit::ui::samples {

inline data::ImageId train(std::int64_t index)
{
    return {data::Part::Train, index};
}

inline QStringList digits(int classes = 10)
{
    QStringList names;
    for (int index = 0; index < classes; ++index)
        names << QString::number(index);
    return names;
}

/// `count` training images: labels 0…9 in turn; every fourth one is taken for the next class, and so
/// suggested. Influence falls from the last image to the first, which makes the last one rank 1.
inline ImageItems items(int count)
{
    ImageItems items;
    items.classNames = digits();
    for (int row = 0; row < count; ++row) {
        const std::int32_t label = row % 10;
        const bool isDoubtful = row % 4 == 3;
        const std::int32_t other = isDoubtful ? (label + 1) % 10 : label;
        const float share = static_cast<float>(row + 1) / static_cast<float>(count);
        items.ids << train(row);
        items.label << label;
        items.predicted << other;
        items.suggested << other;
        items.loss << share * 4;
        items.confidence << 1 - share / 2;
        items.influence << share * share * 9;
        items.suspicion << (isDoubtful ? 0.5F + share / 2 : share / 4);
        items.culprit << share * 12;
        items.rank << count - row;
        items.marks << (isDoubtful ? ImageMarks(ImageMark::Cause) : ImageMarks());
    }
    return items;
}

/// Keeps what it was asked for; answers when told to, or on its own a moment later.
class FakeSource : public ThumbnailSource {
public:
    using ThumbnailSource::ThumbnailSource;

    bool answersAtOnce = false;
    QSize size{28, 28};
    QList<QList<data::ImageId>> batches;
    QList<data::ImageId> pending;
    QList<data::ImageId> cancelled;
    QList<int> edges;

    void request(const QList<data::ImageId>& ids, int edge) override
    {
        batches << ids;
        edges << edge;
        pending << ids;
        if (answersAtOnce)
            QTimer::singleShot(0, this, [this, ids, edge] {
                for (const data::ImageId& id : ids)
                    answer(id, edge);
            });
    }

    void cancel(const QList<data::ImageId>& ids, int /*edge*/) override
    {
        cancelled << ids;
        for (const data::ImageId& id : ids)
            pending.removeAll(id);
    }

    void answer(const data::ImageId& id, int edge)
    {
        pending.removeAll(id);
        Q_EMIT ready(id, edge, picture(id));
    }

    void answerAll()
    {
        const int edge = edges.isEmpty() ? 0 : edges.last();
        while (!pending.isEmpty())
            answer(data::ImageId(pending.first()), edge);
    }

    virtual QImage picture(const data::ImageId& id) const
    {
        QImage image(size, QImage::Format_Grayscale8);
        image.fill(static_cast<uint>(id.index * 37 % 256));
        return image;
    }
};

/// The digits of the demo set.
class DemoSource : public FakeSource {
public:
    explicit DemoSource(const data::DemoSet& demo, QObject* parent = nullptr)
        : FakeSource(parent), m_demo(demo)
    {
        answersAtOnce = true;
    }

    QImage picture(const data::ImageId& id) const override
    {
        const data::ImageSet& set = id.part == data::Part::Test ? m_demo.data.test : m_demo.data.train;
        const auto row = set.rowOf(id.index);
        QImage image(28, 28, QImage::Format_Grayscale8);
        for (int y = 0; row && y < 28; ++y)
            std::memcpy(image.scanLine(y), set.image(*row).data() + 28 * y, 28);
        return image;
    }

private:
    const data::DemoSet& m_demo;
};

inline QtMessageHandler testHandler = nullptr;

inline void failOnWarning(QtMsgType type, const QMessageLogContext& context, const QString& text)
{
    // The offscreen platform says of itself what it cannot do; that is no fault of a widget.
    const bool isAboutThePlatform = text.startsWith(QLatin1String("This plugin does not support"));
    if (type == QtDebugMsg || type == QtInfoMsg || isAboutThePlatform) {
        testHandler(type, context, text);
        return;
    }
    testHandler(QtFatalMsg, context, text);
}

/// Call from initTestCase().
inline void makeWarningsFatal()
{
    testHandler = qInstallMessageHandler(failOnWarning);
}

} // namespace culprit::ui::samples
