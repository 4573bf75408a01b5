// SPDX-License-Identifier: GPL-3.0-or-later
// The rail at the left: the five steps with what each has come to, and the way between their pages. A list
// like any other to keyboard and screen reader.
#pragma once

#include "widgets/icons.h"

#include <QAbstractListModel>
#include <QListView>

#include <array>

namespace culprit::ui {

enum class Step { Data, Failures, Causes, Treatment, Report };
inline constexpr int stepCount = 5;

enum class StepState { Todo, Ready, Running, Done, Stale, Error };

/// "out of date"
QString stateInWords(StepState state);

class StepModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { StateRole = Qt::UserRole, SubtitleRole, IconRole };

    explicit StepModel(QObject* parent = nullptr);

    /// `subtitle`: what the step has come to, "214 failures", or what it needs.
    void setStep(Step step, StepState state, const QString& subtitle);
    StepState state(Step step) const { return m_steps[static_cast<std::size_t>(step)].state; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    struct Entry {
        QString title;
        Icon icon = Icon::Info;
        StepState state = StepState::Todo;
        QString subtitle;
    };

    std::array<Entry, stepCount> m_steps;
};

class StepRail : public QListView {
    Q_OBJECT

public:
    explicit StepRail(QWidget* parent = nullptr);

    void setStep(Step step, StepState state, const QString& subtitle);
    Step currentStep() const;
    void setCurrentStep(Step step);

    QSize sizeHint() const override;

Q_SIGNALS:
    void stepChosen(culprit::ui::Step step);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void changeEvent(QEvent* event) override;

private:
    StepModel m_model;
};

} // namespace culprit::ui

Q_DECLARE_METATYPE(culprit::ui::StepState)
