// SPDX-License-Identifier: GPL-3.0-or-later
// One line for the open project: its name, whether everything is on the disk, who decides, whether the
// model's answers stay hidden until then, and how far two readers agree.
#pragma once

#include "client/project_binding.h"
#include "review/agreement.h"

#include <QFrame>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace culprit::ui {

/// "Ada and Grace agree on 38 of 42 images, κ 0.81"
QString agreementInWords(const QString& first, const QString& second, const review::Agreement& agreement);

class ProjectBar : public QFrame {
    Q_OBJECT

public:
    /// Neither is owned; both have to live longer.
    ProjectBar(ProjectBinding* binding, Review* review, QWidget* parent = nullptr);

    /// The project's file is not named.
    void setNamesHidden(bool hidden);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeQuestion();
    QWidget* makeReader();
    void refresh();
    void refreshSaving();
    void refreshReaders();
    void refreshAgreement();
    void confirm();
    void choose(int index);
    void ask(const QString& proposal);
    QString otherReader() const;

    ProjectBinding* m_binding;
    Review* m_review;
    QLabel* m_icon;
    QLabel* m_name;
    QLabel* m_saving;
    QStackedWidget* m_who;
    QLabel* m_question = nullptr;
    QLineEdit* m_reviewer = nullptr;
    QPushButton* m_confirm = nullptr;
    QComboBox* m_reader = nullptr;
    QLabel* m_agreement;
    QCheckBox* m_blind;
    QTimer m_countSoon;
    bool m_hidesNames = false;
};

} // namespace culprit::ui
