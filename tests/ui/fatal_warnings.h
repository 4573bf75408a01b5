// SPDX-License-Identifier: GPL-3.0-or-later
// Any warning of Qt fails the test that runs, but for what the offscreen platform says of itself.
#pragma once

#include <QRegularExpression>
#include <QTest>

inline void failOnAnyWarning()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support )")));
}
