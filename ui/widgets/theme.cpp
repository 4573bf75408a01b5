// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyleFactory>
#include <QStyleOption>

#include <algorithm>
#include <cmath>

namespace culprit::ui {

namespace {

const Accents lightAccents{
    .blue = QColor(0x1b6ca8),
    .blueFill = QColor(0x1b6ca8),
    .onBlue = QColor(0xffffff),
    .orange = QColor(0xa84f0c),
    .orangeFill = QColor(0xd9731f),
    .onOrange = QColor(0x1d0d00),
    .neutral = QColor(0x7d8a98),
    .dim = QColor(0x566372),
    .line = QColor(0xd3dae2),
    .raised = QColor(0xe9eef3),
};

const Accents darkAccents{
    .blue = QColor(0x6cb2e4),
    .blueFill = QColor(0x4a97d2),
    .onBlue = QColor(0x04121f),
    .orange = QColor(0xf2a05a),
    .orangeFill = QColor(0xe58a3c),
    .onOrange = QColor(0x1d0d00),
    .neutral = QColor(0x7f8c9a),
    .dim = QColor(0x9ba8b6),
    .line = QColor(0x36414d),
    .raised = QColor(0x232a33),
};

struct Grounds {
    QColor window;
    QColor base;
    QColor alternate;
    QColor text;
    QColor button;
    QColor highlight;
    QColor highlightedText;
    QColor faded;
    QColor tip;
};

QPalette paletteOf(const Grounds& grounds, const Accents& accents)
{
    QPalette palette(grounds.text, grounds.button, mixed(grounds.button, Qt::white, 0.5),
                     mixed(grounds.button, Qt::black, 0.5), accents.line, grounds.text, Qt::white,
                     grounds.base, grounds.window);
    palette.setColor(QPalette::AlternateBase, grounds.alternate);
    palette.setColor(QPalette::Midlight, mixed(grounds.button, accents.line, 0.5));
    palette.setColor(QPalette::Shadow, Qt::black);
    palette.setColor(QPalette::Highlight, grounds.highlight);
    palette.setColor(QPalette::HighlightedText, grounds.highlightedText);
    palette.setColor(QPalette::Link, accents.blue);
    palette.setColor(QPalette::LinkVisited, accents.blue);
    palette.setColor(QPalette::PlaceholderText, accents.dim);
    palette.setColor(QPalette::ToolTipBase, grounds.tip);
    palette.setColor(QPalette::ToolTipText, grounds.text);
    for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, grounds.faded);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, accents.line);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, grounds.faded);
    return palette;
}

/// IEC 61966-2-1, with the threshold as WCAG 2.1 prints it.
double linearised(double channel)
{
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

constexpr double buttonRadius = 5.0;

bool isFilled(const QStyleOption* option)
{
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    return button && button->features.testFlag(QStyleOptionButton::DefaultButton) &&
           option->state.testFlag(QStyle::State_Enabled);
}

QColor buttonGround(const QStyleOption& option, bool filled)
{
    const QPalette& palette = option.palette;
    const QColor ground = filled ? accentsOf(palette).blueFill : palette.color(QPalette::Button);
    if (!option.state.testFlag(QStyle::State_Enabled))
        return palette.color(QPalette::Window);
    if (option.state & (QStyle::State_Sunken | QStyle::State_On))
        return mixed(ground, palette.color(QPalette::Text), 0.16);
    if (option.state.testFlag(QStyle::State_MouseOver))
        return mixed(ground, palette.color(QPalette::Text), 0.07);
    return ground;
}

void drawButton(const QStyleOption& option, QPainter& painter)
{
    const bool filled = isFilled(&option);
    const QColor ground = buttonGround(option, filled);
    const QColor edge =
        filled ? ground : mixed(accentsOf(option.palette).line, option.palette.color(QPalette::Text), 0.2);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(edge, 1.0));
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5), buttonRadius, buttonRadius);
    painter.restore();
}

/// The edge of what can be typed into or ticked: Fusion's own vanishes on a dark ground.
QColor fieldEdge(const QStyleOption& option)
{
    const Accents& accents = accentsOf(option.palette);
    return option.state.testFlag(QStyle::State_Enabled) ? accents.neutral : accents.line;
}

void drawField(const QStyleOption& option, QPainter& painter)
{
    const bool focused = option.state.testFlag(QStyle::State_HasFocus);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(focused ? QPen(accentsOf(option.palette).blue, 2.0) : QPen(fieldEdge(option), 1.0));
    const double inset = focused ? 1.0 : 0.5;
    painter.drawRoundedRect(QRectF(option.rect).adjusted(inset, inset, -inset, -inset), 3.0, 3.0);
    painter.restore();
}

void drawTick(const QRectF& box, QStyle::State state, QPainter& painter)
{
    QPainterPath mark;
    if (state.testFlag(QStyle::State_NoChange)) {
        mark.moveTo(box.left() + box.width() * 0.27, box.center().y());
        mark.lineTo(box.right() - box.width() * 0.27, box.center().y());
    } else {
        mark.moveTo(box.left() + box.width() * 0.23, box.top() + box.height() * 0.53);
        mark.lineTo(box.left() + box.width() * 0.42, box.top() + box.height() * 0.72);
        mark.lineTo(box.left() + box.width() * 0.78, box.top() + box.height() * 0.29);
    }
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(mark);
}

void drawCheckBox(const QStyleOption& option, QPainter& painter)
{
    const Accents& accents = accentsOf(option.palette);
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool marked = option.state & (QStyle::State_On | QStyle::State_NoChange);
    const double side = std::min(option.rect.width(), option.rect.height()) - 1.0;
    QRectF box(0, 0, side, side);
    box.moveCenter(QRectF(option.rect).center());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(marked && enabled ? accents.blueFill : fieldEdge(option), 1.2));
    painter.setBrush(marked && enabled ? accents.blueFill : option.palette.color(QPalette::Base));
    painter.drawRoundedRect(box, 3.0, 3.0);
    if (marked) {
        painter.setPen(QPen(enabled ? accents.onBlue : fieldEdge(option), 1.8, Qt::SolidLine, Qt::RoundCap,
                            Qt::RoundJoin));
        drawTick(box, option.state, painter);
    }
    painter.restore();
}

void drawRadioButton(const QStyleOption& option, QPainter& painter)
{
    const Accents& accents = accentsOf(option.palette);
    const bool chosen = option.state.testFlag(QStyle::State_On);
    const QColor ink = option.state.testFlag(QStyle::State_Enabled) ? accents.blueFill : fieldEdge(option);
    const double radius = (std::min(option.rect.width(), option.rect.height()) - 1.0) / 2.0;
    const QPointF middle = QRectF(option.rect).center();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(chosen ? ink : fieldEdge(option), chosen ? 1.8 : 1.2));
    painter.setBrush(option.palette.color(QPalette::Base));
    painter.drawEllipse(middle, radius - 0.5, radius - 0.5);
    if (chosen) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink);
        painter.drawEllipse(middle, radius * 0.5, radius * 0.5);
    }
    painter.restore();
}

void drawFocusRing(const QStyleOption& option, QPainter& painter)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(accentsOf(option.palette).blue, 2.0));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(1.0, 1.0, -1.0, -1.0), buttonRadius, buttonRadius);
    painter.restore();
}

} // namespace

QPalette lightPalette()
{
    return paletteOf({.window = QColor(0xf4f6f9),
                      .base = QColor(0xffffff),
                      .alternate = QColor(0xf6f8fa),
                      .text = QColor(0x18212c),
                      .button = QColor(0xffffff),
                      .highlight = QColor(0x1b6ca8),
                      .highlightedText = QColor(0xffffff),
                      .faded = QColor(0x8b96a3),
                      .tip = QColor(0xffffff)},
                     lightAccents);
}

QPalette darkPalette()
{
    return paletteOf({.window = QColor(0x171b21),
                      .base = QColor(0x1d2229),
                      .alternate = QColor(0x222831),
                      .text = QColor(0xe4e9ee),
                      .button = QColor(0x2a313a),
                      .highlight = QColor(0x2a6a9f),
                      .highlightedText = QColor(0xffffff),
                      .faded = QColor(0x67727f),
                      .tip = QColor(0x2a313a)},
                     darkAccents);
}

bool isDark(const QPalette& palette)
{
    return relativeLuminance(palette.color(QPalette::Window)) <
           relativeLuminance(palette.color(QPalette::WindowText));
}

const Accents& accentsOf(const QPalette& palette)
{
    return isDark(palette) ? darkAccents : lightAccents;
}

double relativeLuminance(const QColor& color)
{
    return 0.2126 * linearised(color.redF()) + 0.7152 * linearised(color.greenF()) +
           0.0722 * linearised(color.blueF());
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const auto [low, high] = std::minmax({relativeLuminance(a), relativeLuminance(b)});
    return (high + 0.05) / (low + 0.05);
}

QColor readableOn(const QColor& ground, const QPalette& palette)
{
    const auto better = [&ground](const QColor& a, const QColor& b) {
        return contrastRatio(ground, a) >= contrastRatio(ground, b) ? a : b;
    };
    const QColor own = better(palette.color(QPalette::Active, QPalette::Text),
                              palette.color(QPalette::Active, QPalette::Base));
    return contrastRatio(ground, own) >= 4.5 ? own : better(Qt::black, Qt::white);
}

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto channel = [share](int from, int to) { return qRound(from + (to - from) * share); };
    return QColor(channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue()),
                  channel(a.alpha(), b.alpha()));
}

WindowStyle::WindowStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void WindowStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                const QWidget* widget) const
{
    switch (element) {
    case PE_PanelButtonCommand:
        drawButton(*option, *painter);
        return;
    case PE_FrameFocusRect:
        drawFocusRing(*option, *painter);
        return;
    case PE_FrameLineEdit:
        drawField(*option, *painter);
        return;
    case PE_IndicatorCheckBox:
        drawCheckBox(*option, *painter);
        return;
    case PE_IndicatorRadioButton:
        drawRadioButton(*option, *painter);
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void WindowStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const
{
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    if (element != CE_PushButtonLabel || !button || !isFilled(option)) {
        QProxyStyle::drawControl(element, option, painter, widget);
        return;
    }
    QStyleOptionButton label = *button;
    label.palette.setColor(QPalette::ButtonText, accentsOf(option->palette).onBlue);
    QProxyStyle::drawControl(element, &label, painter, widget);
}

int WindowStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_ButtonMargin:
        return 14;
    case PM_LayoutLeftMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutBottomMargin:
        return spacing::wide;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return spacing::normal;
    case PM_ButtonIconSize:
    case PM_SmallIconSize:
        return 18;
    case PM_FocusFrameHMargin:
        return 3;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int WindowStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                           QStyleHintReturn* returnData) const
{
    switch (hint) {
    case SH_ToolTip_WakeUpDelay:
        return 400;
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

Theme::Theme(QObject* parent) : QObject(parent)
{
    QApplication::setStyle(new WindowStyle);
    apply();
    qApp->installEventFilter(this);
}

void Theme::setScheme(Scheme scheme)
{
    if (scheme == m_scheme)
        return;
    m_scheme = scheme;
    apply();
    Q_EMIT schemeChanged(scheme);
}

/// Qt 6.4 does not say which colours the system prefers, so the brightness of its own palette is the answer.
/// That palette shows only while the application has set none.
void Theme::apply()
{
    m_applying = true;
    bool dark = m_scheme == Scheme::Dark;
    if (m_scheme == Scheme::System) {
        QApplication::setPalette(QPalette());
        dark = isDark(QGuiApplication::palette());
    }
    QApplication::setPalette(dark ? darkPalette() : lightPalette());
    m_applying = false;
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ThemeChange && !m_applying && m_scheme == Scheme::System)
        apply();
    return QObject::eventFilter(watched, event);
}

} // namespace culprit::ui
