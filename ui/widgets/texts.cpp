// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/texts.h"

#include "widgets/theme.h"

#include <QLabel>

namespace culprit::ui {
namespace {

QPalette withText(QPalette palette, const QColor& ink)
{
    palette.setColor(QPalette::WindowText, ink);
    return palette;
}

} // namespace

QLabel* wrappingLabel(QWidget* parent, const QString& objectName)
{
    auto* label = new QLabel(parent);
    label->setObjectName(objectName);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

QFont titleFont(const QFont& font, double times)
{
    QFont larger = font;
    larger.setPointSizeF(font.pointSizeF() * times);
    larger.setWeight(QFont::DemiBold);
    return larger;
}

QPalette dimmedText(const QPalette& palette)
{
    return withText(palette, accentsOf(palette).dim);
}

QPalette warningText(const QPalette& palette)
{
    return withText(palette, accentsOf(palette).orange);
}

} // namespace culprit::ui
