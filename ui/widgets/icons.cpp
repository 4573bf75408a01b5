// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/icons.h"

#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <array>

// Outside every namespace, as Q_INIT_RESOURCE asks: a static library's resources are not linked in by
// themselves.
static void initResources()
{
    Q_INIT_RESOURCE(culprit);
}

namespace culprit::ui {

namespace {

constexpr std::array<const char*, iconCount> names{
    "ascending",   "cancel",    "chart",         "close",       "compare",        "demo", "descending",
    "done",        "engine",    "error",         "exclude",     "expand",         "file", "filter",
    "flag",        "grid",      "help",          "info",        "keep",           "lock", "moon",
    "next",        "open",      "play",          "previous",    "ready",          "redo", "relabel",
    "restart",     "running",   "save",          "search",      "settings",       "sort", "stale",
    "step-causes", "step-data", "step-failures", "step-report", "step-treatment", "stop", "sun",
    "table",       "todo",      "undo",          "warning",     "zoom",
};

QPixmap drawn(const QString& name, const QColor& color, const QSize& pixels)
{
    const QString key = QStringLiteral("culprit-icon/%1/%2/%3x%4")
                            .arg(name, color.name(QColor::HexArgb))
                            .arg(pixels.width())
                            .arg(pixels.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    initResources();
    QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QSvgRenderer renderer(QStringLiteral(":/culprit/icons/%1.svg").arg(name));
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    QPainter painter(&image);
    renderer.render(&painter, QRectF(QPointF(), pixels));
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(image.rect(), color);
    painter.end();
    pixmap = QPixmap::fromImage(image);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

struct Tints {
    QColor normal;
    QColor disabled;
    QColor selected;

    QColor of(QIcon::Mode mode) const
    {
        switch (mode) {
        case QIcon::Disabled:
            return disabled;
        case QIcon::Selected:
            return selected;
        default:
            return normal;
        }
    }
};

class TintedIconEngine : public QIconEngine {
public:
    TintedIconEngine(QString name, const Tints& tints) : m_name(std::move(name)), m_tints(tints) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const double ratio = painter->device()->devicePixelRatioF();
        QPixmap pixmap = drawn(m_name, m_tints.of(mode), rect.size() * ratio);
        pixmap.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect, pixmap);
    }

    /// `size` is in pixels of the device here: QIcon has multiplied by the ratio already.
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override
    {
        return drawn(m_name, m_tints.of(mode), size);
    }

    QString iconName() override { return m_name; }
    QIconEngine* clone() const override { return new TintedIconEngine(*this); }

private:
    QString m_name;
    Tints m_tints;
};

} // namespace

QString iconName(Icon icon)
{
    return QLatin1String(names[static_cast<std::size_t>(icon)]);
}

QIcon icon(Icon icon, const QPalette& palette)
{
    return QIcon(new TintedIconEngine(
        iconName(icon), {.normal = palette.color(QPalette::Active, QPalette::ButtonText),
                         .disabled = palette.color(QPalette::Disabled, QPalette::ButtonText),
                         .selected = palette.color(QPalette::Active, QPalette::HighlightedText)}));
}

QIcon icon(Icon icon, const QColor& color, const QPalette& palette)
{
    return QIcon(new TintedIconEngine(
        iconName(icon), {.normal = color,
                         .disabled = palette.color(QPalette::Disabled, QPalette::ButtonText),
                         .selected = palette.color(QPalette::Active, QPalette::HighlightedText)}));
}

QPixmap iconPixmap(Icon icon, const QColor& color, int extent, double devicePixelRatio)
{
    QPixmap pixmap = drawn(iconName(icon), color, QSize(extent, extent) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

QIcon applicationIcon()
{
    initResources();
    QIcon icon;
    for (const int extent : {16, 24, 32, 48, 64, 128, 256})
        icon.addFile(QStringLiteral(":/culprit/app/culprit-%1.png").arg(extent));
    return icon;
}

} // namespace culprit::ui
