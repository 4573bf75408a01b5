// SPDX-License-Identifier: GPL-3.0-or-later
// Which program does the computing, with which seed and threads, what it says of its machine, and its log.
// Not modal: one can look at the log while it works.
#pragma once

#include "client/engine_client.h"

#include <QDialog>

class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace culprit::ui {

struct EngineChoice {
    QStringList command; ///< Empty: the engine beside the window.
    EngineSettings settings;
};

class EngineDialog : public QDialog {
    Q_OBJECT

public:
    /// The client is not owned.
    EngineDialog(EngineClient* engine, const EngineChoice& choice, const QStringList& log,
                 QWidget* parent = nullptr);

    void appendLog(const QString& line);

Q_SIGNALS:
    /// Another program: the engine is to be started anew.
    void commandChosen(const QStringList& command);
    void settingsChosen(const culprit::ui::EngineSettings& settings);

private:
    QWidget* makeForm(const EngineChoice& choice);
    QWidget* makeMachine();
    QWidget* makeLog(const QStringList& log);
    void showState();
    void askMachine();
    void showMachine(const MachineInfo& machine);
    void apply();

    EngineClient* m_engine;
    EngineChoice m_choice;
    QLineEdit* m_command = nullptr;
    QSpinBox* m_threads = nullptr;
    QSpinBox* m_seed = nullptr;
    QLabel* m_state = nullptr;
    QPushButton* m_measure = nullptr;
    QFormLayout* m_machine = nullptr;
    QPlainTextEdit* m_log = nullptr;
};

/// A command as one line to edit, and back. Arguments with spaces are put in double quotes.
QString commandLineOf(const QStringList& command);

} // namespace culprit::ui
