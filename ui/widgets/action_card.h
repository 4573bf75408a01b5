// SPDX-License-Identifier: GPL-3.0-or-later
// A large button with an icon, a title and a sentence that says what comes of it.
#pragma once

#include "widgets/icons.h"

#include <QAbstractButton>

namespace culprit::ui {

class ActionCard : public QAbstractButton {
    Q_OBJECT

public:
    /// `title` may have a mnemonic.
    ActionCard(Icon icon, const QString& title, const QString& sentence, QWidget* parent = nullptr);

    /// The one to take first: filled with the accent.
    void setPrimary(bool primary);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QFont titleFont() const;
    int textWidth(int width) const;
    int titleHeight(int width) const;
    QColor ground() const;

    Icon m_icon;
    QString m_sentence;
    bool m_primary = false;
};

} // namespace culprit::ui
