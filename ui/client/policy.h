// SPDX-License-Identifier: GPL-3.0-or-later
// What an institution asks of every window on a machine, see report/policy.h: a sentence that always shows,
// and whether names of files do.
#pragma once

#include <QString>
#include <QStringList>

namespace culprit::ui {

struct Policy {
    QStringList banners; ///< The machine's first; at most 300 characters each.
    bool hidesPaths = false;
    QStringList problems; ///< Files that are there and cannot be understood, in a sentence each.
};

/// Where policies lie, the machine's first.
QStringList policyFiles();

/// A file that is not there asks for nothing; one that cannot be read is a problem, not a licence.
Policy readPolicy(const QStringList& files);

/// `text` without folders and names of files: absolute paths, and each of `names`, become "…".
QString withoutPaths(const QString& text, const QStringList& names);

} // namespace culprit::ui
