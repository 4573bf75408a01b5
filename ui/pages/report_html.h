// SPDX-License-Identifier: GPL-3.0-or-later
// The report's text, put together as HTML because that is what a QTextDocument reads best. Colours are those
// of paper.
#pragma once

#include "pages/report_document.h"

namespace culprit::ui {

/// The body. It refers to the pictures "chart", "strut" (one white pixel) and those of pictureName().
QString reportHtml(const ReportContent& content);

QString reportStyleSheet();

/// "culprit:17"
QString pictureName(const data::ImageId& id);

} // namespace culprit::ui
