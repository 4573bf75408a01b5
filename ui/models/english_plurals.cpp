// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/english_plurals.h"

namespace culprit::ui {

QString EnglishPlurals::translate(const char*, const char* sourceText, const char*, int n) const
{
    if (n < 0)
        return {};
    QString text = QString::fromUtf8(sourceText);
    text.replace(QStringLiteral("(s)"), n == 1 ? QString() : QStringLiteral("s"));
    text.replace(QStringLiteral("(es)"), n == 1 ? QString() : QStringLiteral("es"));
    return text;
}

} // namespace culprit::ui
