// SPDX-License-Identifier: GPL-3.0-or-later
// The methods that look for causes, in a person's words: which is recommended, what each looks at, which one
// answers at once. The names are those of core/causes/identify.h.
#pragma once

#include <QComboBox>

namespace culprit::ui {

class MethodChoice : public QComboBox {
    Q_OBJECT

public:
    explicit MethodChoice(QWidget* parent = nullptr);

    /// As the engine calls it; "culprit" at first.
    QString method() const;
    void setMethod(const QString& method);
    /// One sentence on the chosen method.
    QString explanation() const;
    /// "Culprit", as people call `method`; the name itself where it is not known.
    static QString titleOf(const QString& method);

    /// Margins are noted while a model is trained; without them `margin` cannot be chosen.
    void setMarginsKnown(bool known);

Q_SIGNALS:
    void methodChanged(const QString& method);
};

} // namespace culprit::ui
