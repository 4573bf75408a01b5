// SPDX-License-Identifier: GPL-3.0-or-later
// Texts in the source are English and write plurals as Qt asks for: tr("%n image(s)", nullptr, n). This
// translator makes good English of them, so that no plurals-only translation has to be kept. Install it
// before any other: the translator installed last is asked first.
#pragma once

#include <QTranslator>

namespace culprit::ui {

class EnglishPlurals : public QTranslator {
    Q_OBJECT

public:
    using QTranslator::QTranslator;

    bool isEmpty() const override { return false; }

    /// "image(s)" becomes "image" for one and "images" for other numbers, "class(es)" likewise. Null, which
    /// means the text as it is, for texts without a number.
    QString translate(const char* context, const char* sourceText, const char* disambiguation,
                      int n) const override;
};

} // namespace culprit::ui
