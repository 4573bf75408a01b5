// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/opening_form.h"

#include "widgets/path_field.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScopedValueRollback>
#include <QSpinBox>
#include <QToolButton>

namespace culprit::ui {

namespace {

constexpr int usualEpochs = 40;
constexpr int mostImages = 100'000'000;
const QString fromFile = QStringLiteral("file");

template <typename Field>
Field* named(Field* field, const char* objectName, const QString& accessibleName)
{
    field->setObjectName(QLatin1String(objectName));
    field->setAccessibleName(accessibleName);
    return field;
}

QWidget* leftAligned(QWidget* field, QWidget* parent)
{
    auto* whole = new QWidget(parent);
    auto* row = new QHBoxLayout(whole);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(field);
    row->addStretch(1);
    whole->setFocusProxy(field);
    return whole;
}

} // namespace

OpeningForm::OpeningForm(QWidget* parent)
    : QWidget(parent), m_form(new QFormLayout(this)),
      m_data(new PathField(QStringLiteral("data.path"), tr("Data"), this)),
      m_openModel(named(new QRadioButton(tr("Open a &file"), this), "data.openModel", {})),
      m_trainModel(named(new QRadioButton(tr("T&rain one here"), this), "data.trainModel", {})),
      m_model(new PathField(QStringLiteral("data.model"), tr("Model"), this)),
      m_architecture(named(new QComboBox(this), "data.architecture", tr("Architecture"))),
      m_epochs(named(new QSpinBox(this), "data.epochs", tr("Epochs"))),
      m_fold(named(new QToolButton(this), "data.options", {})),
      m_trainSize(named(new QSpinBox(this), "data.trainSize", tr("Number of training images"))),
      m_labels(new PathField(QStringLiteral("data.labels"), tr("Labels laid over the training set"), this)),
      m_preprocessing(named(new QComboBox(this), "data.preprocessing", tr("Preprocessing"))),
      m_preprocessingFile(
          new PathField(QStringLiteral("data.preprocessingFile"), tr("Preprocessing file"), this)),
      m_margins(new PathField(QStringLiteral("data.margins"), tr("Training margins"), this)),
      m_stale(new QLabel(tr("Changed since it was opened: open it again."), this)),
      m_open(named(new QPushButton(this), "data.open", {}))
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(spacing::wide);
    m_form->setVerticalSpacing(spacing::normal);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setLabelAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    buildFields();
    buildTraining();
    buildOptions();
    buildButtons();
    connectFields();
    drawFold();
    showRows();
}

void OpeningForm::buildFields()
{
    m_data->offerFolders(tr("Choose a folder with data"));
    m_data->offerFiles(tr("Choose a data file"), tr("Data sets (*.npz *.csv);;All files (*)"));
    m_data->setPlaceholder(tr("A folder, .npz or .csv"));
    m_form->addRow(tr("D&ata"), m_data);
    auto* ways = new QWidget(this);
    auto* row = new QHBoxLayout(ways);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::section);
    row->addWidget(m_openModel);
    row->addWidget(m_trainModel);
    row->addStretch(1);
    m_openModel->setChecked(true);
    m_form->addRow(tr("Model"), ways);
    m_model->offerFiles(tr("Choose a model"), tr("Models (*.pt *.pth *.torchscript);;All files (*)"));
    m_model->setPlaceholder(tr("A TorchScript file, .pt"));
    m_form->addRow(QString(), m_model);
}

void OpeningForm::buildTraining()
{
    m_architecture->addItem(tr("paper-cnn: small, for small pictures"), QStringLiteral("paper-cnn"));
    m_architecture->addItem(tr("resnet8: small residual network"), QStringLiteral("resnet8"));
    m_architecture->addItem(tr("vgg7: seven plain layers, quick"), QStringLiteral("vgg7"));
    m_architecture->addItem(tr("resnet18: large, slow without a graphics card"), QStringLiteral("resnet18"));
    m_architecture->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_architecture->setMinimumContentsLength(14);
    m_architecture->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_epochs->setRange(1, 10000);
    m_epochs->setValue(usualEpochs);
    m_epochs->setToolTip(tr("How many times the training goes through all images."));
    m_training = new QWidget(this);
    auto* row = new QHBoxLayout(m_training);
    row->setContentsMargins(0, 0, 0, 0);
    auto* epochs = new QLabel(tr("&Epochs"), m_training);
    epochs->setBuddy(m_epochs);
    row->addWidget(m_architecture, 1);
    row->addSpacing(spacing::normal);
    row->addWidget(epochs);
    row->addWidget(m_epochs);
    m_form->addRow(QString(), m_training);
}

void OpeningForm::buildOptions()
{
    m_fold->setText(tr("Opt&ions"));
    m_fold->setCheckable(true);
    m_fold->setAutoRaise(true);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setFocusPolicy(Qt::StrongFocus);
    m_trainSize->setRange(0, mostImages);
    m_trainSize->setSingleStep(1000);
    m_trainSize->setGroupSeparatorShown(true);
    m_trainSize->setSpecialValueText(tr("all"));
    m_trainSize->setToolTip(tr("A smaller number takes as many training images by lot; the test set stays."));
    m_labels->offerFiles(tr("Choose labels for the training set"),
                         tr("Labels (*.npy *.csv *.txt);;All files (*)"));
    m_labels->setPlaceholder(tr("As the data say"));
    m_preprocessing->addItem(tr("As the model says"), QString());
    for (const char* preset : {"none", "mnist", "cifar10", "imagenet"})
        m_preprocessing->addItem(QLatin1String(preset), QLatin1String(preset));
    m_preprocessing->addItem(tr("From a file"), fromFile);
    m_preprocessing->setToolTip(
        tr("How pixels become the model’s numbers: mean and spread of each channel."));
    m_preprocessingFile->offerFiles(tr("Choose a preprocessing file"),
                                    tr("Preprocessing (*.json);;All files (*)"));
    m_margins->offerFiles(tr("Choose training margins"), tr("Margins (*.npy);;All files (*)"));
    m_margins->setPlaceholder(tr("As they lie beside the model"));
    m_margins->setToolTip(
        tr("How surely the model got each image right while it learned, one number an image."));
    m_trainSizeRow = leftAligned(m_trainSize, this);
    m_form->addRow(QString(), m_fold);
    m_form->addRow(tr("Training images"), m_trainSizeRow);
    m_form->addRow(tr("Other labels"), m_labels);
    m_form->addRow(tr("Preprocessing"), m_preprocessing);
    m_form->addRow(QString(), m_preprocessingFile);
    m_form->addRow(tr("Margins"), m_margins);
}

void OpeningForm::buildButtons()
{
    m_stale->hide();
    m_stale->setWordWrap(true);
    auto* row = new QHBoxLayout;
    row->setSpacing(spacing::wide);
    row->addWidget(m_open);
    row->addWidget(m_stale, 1);
    row->addStretch(0);
    m_form->addRow(QString(), row);
    m_open->setAutoDefault(false);
}

void OpeningForm::connectFields()
{
    for (PathField* field : {m_data, m_model, m_labels, m_preprocessingFile, m_margins}) {
        connect(field, &PathField::edited, this, &OpeningForm::noteEdit);
        connect(field, &PathField::accepted, this, [this] {
            if (isComplete())
                Q_EMIT openRequested();
        });
    }
    connect(m_data, &PathField::chosen, this, [this] {
        m_model->path().isEmpty() && m_openModel->isChecked() ? m_model->setFocus() : m_open->setFocus();
    });
    connect(m_model, &PathField::chosen, this, [this] { m_open->setFocus(); });
    connect(m_openModel, &QRadioButton::toggled, this, [this] {
        showRows();
        noteEdit();
    });
    connect(m_fold, &QToolButton::toggled, this, [this] {
        drawFold();
        showRows();
    });
    connect(m_preprocessing, &QComboBox::currentIndexChanged, this, [this] {
        showRows();
        noteEdit();
    });
    connect(m_architecture, &QComboBox::currentIndexChanged, this, &OpeningForm::noteEdit);
    connect(m_epochs, &QSpinBox::valueChanged, this, &OpeningForm::noteEdit);
    connect(m_trainSize, &QSpinBox::valueChanged, this, &OpeningForm::noteEdit);
    connect(m_open, &QPushButton::clicked, this, &OpeningForm::openRequested);
}

void OpeningForm::showRows()
{
    const bool training = m_trainModel->isChecked();
    const bool options = m_fold->isChecked();
    m_form->setRowVisible(m_model, !training);
    m_form->setRowVisible(m_training, training);
    m_form->setRowVisible(m_trainSizeRow, options);
    m_form->setRowVisible(m_labels, options);
    m_form->setRowVisible(m_preprocessing, options);
    m_form->setRowVisible(m_preprocessingFile, options && m_preprocessing->currentData() == fromFile);
    m_form->setRowVisible(m_margins, options && !training);
    m_preprocessing->setItemText(0, training ? tr("Usual: pixels from 0 to 1") : tr("As the model says"));
    m_open->setText(training ? tr("&Open and train") : tr("&Open"));
    m_open->setEnabled(isComplete());
}

void OpeningForm::drawFold()
{
    m_fold->setArrowType(m_fold->isChecked() ? Qt::DownArrow : Qt::RightArrow);
    m_fold->setAccessibleDescription(m_fold->isChecked() ? tr("unfolded") : tr("folded"));
    m_stale->setPalette(warningText(palette()));
}

void OpeningForm::noteEdit()
{
    m_open->setEnabled(isComplete());
    if (!m_quiet)
        Q_EMIT edited();
}

QString OpeningForm::preprocessing() const
{
    const QString chosen = m_preprocessing->currentData().toString();
    return chosen == fromFile ? m_preprocessingFile->path() : chosen;
}

OpeningChoice OpeningForm::choice() const
{
    OpeningChoice choice;
    choice.data.path = m_data->path();
    choice.data.trainLabels = m_labels->path();
    if (m_trainSize->value() > 0)
        choice.data.trainSize = m_trainSize->value();
    if (m_trainModel->isChecked())
        choice.training = TrainingToRun{.architecture = m_architecture->currentData().toString(),
                                        .epochs = m_epochs->value(),
                                        .preprocess = preprocessing()};
    else
        choice.model = {.path = m_model->path(), .preprocess = preprocessing(), .margins = m_margins->path()};
    return choice;
}

bool OpeningForm::isComplete() const
{
    return !m_data->path().isEmpty() && (m_trainModel->isChecked() || !m_model->path().isEmpty());
}

QString OpeningForm::modelPath() const
{
    return m_model->path();
}

QString OpeningForm::dataPath() const
{
    return m_data->path();
}

void OpeningForm::setConcealed(bool concealed)
{
    for (PathField* field : {m_data, m_model, m_labels, m_preprocessingFile, m_margins})
        field->line()->setEchoMode(concealed ? QLineEdit::Password : QLineEdit::Normal);
}

void OpeningForm::setModelPath(const QString& path)
{
    const QScopedValueRollback quiet(m_quiet, true);
    m_openModel->setChecked(true);
    m_model->setPath(path);
}

void OpeningForm::setDataPath(const QString& path)
{
    const QScopedValueRollback quiet(m_quiet, true);
    m_data->setPath(path);
}

void OpeningForm::setStale(bool stale)
{
    m_stale->setVisible(stale);
}

void OpeningForm::setNext(bool next)
{
    m_open->setDefault(next);
}

void OpeningForm::focusFirstField()
{
    m_data->line()->setFocus(Qt::OtherFocusReason);
    m_data->line()->selectAll();
}

void OpeningForm::focusModel()
{
    m_model->line()->setFocus(Qt::OtherFocusReason);
}

void OpeningForm::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawFold();
}

} // namespace culprit::ui
