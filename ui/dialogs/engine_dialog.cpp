// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/engine_dialog.h"

#include "widgets/theme.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace culprit::ui {

namespace {

constexpr int logLinesShown = 2000;
constexpr int mostThreads = 1024;

QLabel* plainLabel(const QString& text)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

QString commandLineOf(const QStringList& command)
{
    QStringList words;
    for (QString word : command) {
        const bool needsQuotes = word.isEmpty() || word.contains(' ') || word.contains('"');
        word.replace('"', QStringLiteral("\"\"\""));
        words << (needsQuotes ? '"' + word + '"' : word);
    }
    return words.join(' ');
}

EngineDialog::EngineDialog(EngineClient* engine, const EngineChoice& choice, const QStringList& log,
                           QWidget* parent)
    : QDialog(parent), m_engine(engine), m_choice(choice)
{
    setObjectName("engine");
    setWindowTitle(tr("Engine"));
    auto* column = new QVBoxLayout(this);
    column->setSpacing(spacing::wide);
    column->addWidget(makeForm(choice));
    column->addWidget(makeMachine());
    column->addWidget(makeLog(log), 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Apply | QDialogButtonBox::Close);
    buttons->button(QDialogButtonBox::Apply)->setObjectName("engine.apply");
    buttons->button(QDialogButtonBox::Apply)->setDefault(true);
    connect(buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, this, &EngineDialog::apply);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    connect(m_engine, &EngineClient::stateChanged, this, &EngineDialog::showState);
    showState();
    resize(680, 620);
}

QWidget* EngineDialog::makeForm(const EngineChoice& choice)
{
    auto* box = new QGroupBox(tr("Who computes"));
    auto* form = new QFormLayout(box);
    m_command = new QLineEdit(commandLineOf(choice.command));
    m_command->setObjectName("engine.command");
    m_command->setPlaceholderText(commandLineOf(EngineClient::defaultCommand()));
    m_command->setToolTip(tr("Any command that ends in an engine will do, for example on another machine: "
                             "ssh host culprit-cli serve"));
    form->addRow(tr("&Command"), m_command);
    form->addRow({}, plainLabel(tr("Empty: the engine that came with this window. Files are opened where the "
                                   "engine runs.")));
    m_threads = new QSpinBox;
    m_threads->setObjectName("engine.threads");
    m_threads->setRange(0, mostThreads);
    m_threads->setSpecialValueText(tr("one a processor"));
    m_threads->setValue(choice.settings.threads);
    form->addRow(tr("&Threads"), m_threads);
    m_seed = new QSpinBox;
    m_seed->setObjectName("engine.seed");
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setValue(static_cast<int>(choice.settings.seed));
    m_seed->setToolTip(tr("The same data, model, seed and threads give the same figures."));
    form->addRow(tr("S&eed"), m_seed);
    m_state = plainLabel({});
    form->addRow(tr("State"), m_state);
    return box;
}

QWidget* EngineDialog::makeMachine()
{
    auto* box = new QGroupBox(tr("Its machine"));
    m_machine = new QFormLayout(box);
    m_measure = new QPushButton(tr("&Measure it"));
    m_measure->setObjectName("engine.measure");
    m_measure->setToolTip(tr("Takes about a second"));
    connect(m_measure, &QPushButton::clicked, this, &EngineDialog::askMachine);
    m_machine->addRow(m_measure);
    return box;
}

QWidget* EngineDialog::makeLog(const QStringList& log)
{
    auto* box = new QGroupBox(tr("Its log"));
    auto* column = new QVBoxLayout(box);
    m_log = new QPlainTextEdit;
    m_log->setObjectName("engine.log");
    m_log->setAccessibleName(tr("Log of the engine"));
    m_log->setReadOnly(true);
    m_log->setMaximumBlockCount(logLinesShown);
    m_log->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_log->setPlaceholderText(tr("Nothing so far"));
    m_log->setPlainText(log.join('\n'));
    column->addWidget(m_log);
    return box;
}

void EngineDialog::appendLog(const QString& line)
{
    m_log->appendPlainText(line);
}

void EngineDialog::showState()
{
    const EngineInfo& info = m_engine->info();
    switch (m_engine->state()) {
    case EngineClient::State::Stopped:
        m_state->setText(tr("not started"));
        break;
    case EngineClient::State::Starting:
        m_state->setText(tr("starting"));
        break;
    case EngineClient::State::Ready:
        m_state->setText(
            tr("version %1, LibTorch %2; confined by: %3").arg(info.version, info.libtorch, info.sandbox));
        break;
    case EngineClient::State::Dead:
        m_state->setText(tr("stopped"));
        break;
    }
    m_measure->setEnabled(m_engine->state() == EngineClient::State::Ready);
}

void EngineDialog::askMachine()
{
    m_measure->setEnabled(false);
    auto* job = m_engine->doctor();
    job->whenFinished(this, [this](const MachineInfo& machine) { showMachine(machine); });
    connect(job, &EngineJob::failed, this, [this](const Error& error) {
        m_measure->setToolTip(QString::fromStdString(error.text));
        showState();
    });
}

void EngineDialog::showMachine(const MachineInfo& machine)
{
    m_measure->hide();
    const QLocale locale;
    const QString blas =
        machine.optimisedBlas ? machine.blas : tr("%1: slow; install libopenblas0-openmp").arg(machine.blas);
    m_machine->addRow(tr("Devices"), plainLabel(machine.devices.join(QStringLiteral(", "))));
    m_machine->addRow(
        tr("Processors"),
        plainLabel(
            tr("%1, %2 in use").arg(locale.toString(machine.processors), locale.toString(machine.threads))));
    m_machine->addRow(
        tr("Matrix products"),
        plainLabel(tr("%1 GFLOP/s with %2").arg(locale.toString(machine.matrixGflops, 'f', 0), blas)));
    m_machine->addRow(tr("Convolutions"),
                      plainLabel(tr("%1 GFLOP/s").arg(locale.toString(machine.convolutionGflops, 'f', 0))));
    m_machine->addRow(tr("Reads"), plainLabel(machine.codecs.join(QStringLiteral(", "))));
}

void EngineDialog::apply()
{
    const QStringList command = QProcess::splitCommand(m_command->text());
    EngineSettings settings = m_choice.settings;
    settings.threads = m_threads->value();
    settings.seed = m_seed->value();
    const bool otherSettings =
        settings.threads != m_choice.settings.threads || settings.seed != m_choice.settings.seed;
    const bool otherCommand = command != m_choice.command;
    m_choice = {command, settings};
    if (otherSettings)
        Q_EMIT settingsChosen(settings);
    if (otherCommand || m_engine->state() == EngineClient::State::Dead)
        Q_EMIT commandChosen(command);
}

} // namespace culprit::ui
