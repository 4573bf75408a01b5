// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/page.h"

#include "models/list_layout.h"

#include <QLocale>

namespace culprit::ui {

QString progressInWords(const QString& phase, qint64 done, qint64 total)
{
    const QLocale locale;
    return total > 0 ? Page::tr("%1: %2 of %3", "phase: done of total")
                           .arg(phase, locale.toString(done), locale.toString(total))
                     : phase;
}

QJsonObject Page::layout() const
{
    return images() ? layoutOf(*images()) : QJsonObject();
}

void Page::restoreLayout(const QJsonObject& layout)
{
    if (images())
        restore(*images(), layout);
}

} // namespace culprit::ui
