// SPDX-License-Identifier: GPL-3.0-or-later
// A thin bar in two parts: the failures that causes are sought for, and those kept back to measure the repair
// with. The numbers at its ends are buttons that lead to the images, with the marks that these wear in the
// grid.
#pragma once

#include <QWidget>

class QToolButton;

namespace culprit::ui {

class DivisionBar : public QWidget {
    Q_OBJECT

public:
    explicit DivisionBar(QWidget* parent = nullptr);

    /// Numbers of failures; nothing is divided where both are 0.
    void setDivision(qint64 query, qint64 holdout);
    qint64 query() const { return m_query; }
    qint64 holdout() const { return m_holdout; }

Q_SIGNALS:
    void queryClicked();
    void holdoutClicked();

protected:
    void changeEvent(QEvent* event) override;

private:
    void showNumbers();
    void drawIcons();

    qint64 m_query = 0;
    qint64 m_holdout = 0;
    QToolButton* m_queryButton;
    QWidget* m_bar;
    QToolButton* m_holdoutButton;
};

} // namespace culprit::ui
