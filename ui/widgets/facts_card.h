// SPDX-License-Identifier: GPL-3.0-or-later
// What something is, in a frame: what kind of thing, its name, and a few lines of facts.
#pragma once

#include "widgets/icons.h"

#include <QFrame>
#include <QStringList>

class QLabel;

namespace culprit::ui {

class FactsCard : public QFrame {
    Q_OBJECT

public:
    FactsCard(Icon icon, const QString& kind, QWidget* parent = nullptr);

    /// `path` is the tool tip of the name.
    void setFacts(const QString& name, const QString& path, const QStringList& lines);
    QString name() const { return m_name; }
    QString facts() const;

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void recolour();
    void elideName();

    Icon m_iconKind;
    QString m_kind;
    QString m_name;
    QLabel* m_icon;
    QLabel* m_kindLabel;
    QLabel* m_nameLabel;
    QLabel* m_lines;
};

} // namespace culprit::ui
