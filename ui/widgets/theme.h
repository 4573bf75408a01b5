// SPDX-License-Identifier: GPL-3.0-or-later
// How the window looks: a light and a dark palette with one pair of accents, blue and orange, that people
// with any colour vision tell apart; distances; and a style that adjusts Fusion. Widgets ask
// `accentsOf(palette())` when they paint, so a change of palette is all that a change of theme takes.
#pragma once

#include <QColor>
#include <QObject>
#include <QPalette>
#include <QProxyStyle>

namespace culprit::ui {

/// Distances between things, in device-independent pixels.
namespace spacing {
inline constexpr int tight = 4;
inline constexpr int normal = 8;
inline constexpr int wide = 12;
inline constexpr int section = 20;
inline constexpr int page = 24;
} // namespace spacing

/// What QPalette has no role for. Texts stand on Base and Window with at least 4.5:1, fills and lines that
/// carry meaning with at least 3:1 (WCAG 2.1, 1.4.3 and 1.4.11, level AA).
struct Accents {
    QColor blue;       ///< Text and strokes: what is chosen, held out, improved.
    QColor blueFill;   ///< Areas.
    QColor onBlue;     ///< Text on blueFill.
    QColor orange;     ///< Text and strokes: failures and culprits.
    QColor orangeFill; ///< Areas.
    QColor onOrange;   ///< Text on orangeFill.
    QColor neutral;    ///< Areas of what serves as comparison.
    QColor dim;        ///< Secondary text.
    QColor line;       ///< Hairlines that only separate.
    QColor raised;     ///< Ground of bars and panels.
};

QPalette lightPalette();
QPalette darkPalette();
bool isDark(const QPalette& palette);
const Accents& accentsOf(const QPalette& palette);

/// WCAG 2.1 relative luminance in [0, 1] and contrast ratio in [1, 21].
double relativeLuminance(const QColor& color);
double contrastRatio(const QColor& a, const QColor& b);

/// Whichever of the palette's text and base colour reads better on `ground`; black or white where neither
/// reaches 4.5:1, which one of those two always does.
QColor readableOn(const QColor& ground, const QPalette& palette);

/// `share` of `b` in `a`, per channel.
QColor mixed(const QColor& a, const QColor& b, double share);

/// Fusion with flat rounded buttons, a filled default button, fields whose edges
/// show on a dark ground too, a focus ring that shows, and room around
/// things.
class WindowStyle : public QProxyStyle {
    Q_OBJECT

public:
    WindowStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* returnData) const override;
};

/// Sets the application's style and palette, and keeps following the system where asked to. Lives in main().
class Theme : public QObject {
    Q_OBJECT

public:
    enum class Scheme { System, Light, Dark };
    Q_ENUM(Scheme)

    explicit Theme(QObject* parent = nullptr);

    Scheme scheme() const { return m_scheme; }
    void setScheme(Scheme scheme);

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void schemeChanged(culprit::ui::Theme::Scheme scheme);

private:
    void apply();

    Scheme m_scheme = Scheme::System;
    bool m_applying = false;
};

} // namespace culprit::ui
