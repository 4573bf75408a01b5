// SPDX-License-Identifier: GPL-3.0-or-later
// Which data and which model, or what to train on the data; the rarer choices folded away.
#pragma once

#include "client/engine_client.h"

#include <QWidget>
#include <optional>

class QComboBox;
class QFormLayout;
class QLabel;
class QPushButton;
class QRadioButton;
class QSpinBox;
class QToolButton;

namespace culprit::ui {

class PathField;

struct OpeningChoice {
    DataToOpen data;
    ModelToOpen model;                     ///< Without a path where one is to be trained.
    std::optional<TrainingToRun> training; ///< Instead of a model.
};

class OpeningForm : public QWidget {
    Q_OBJECT

public:
    explicit OpeningForm(QWidget* parent = nullptr);

    OpeningChoice choice() const;
    /// There is enough to open.
    bool isComplete() const;

    QString modelPath() const;
    QString dataPath() const;
    /// A model's path means that one is opened and not trained. The person has not edited anything by it.
    void setModelPath(const QString& path);
    void setDataPath(const QString& path);
    /// Nobody who looks on can read the paths.
    void setConcealed(bool concealed);

    /// What is open came from something else than what stands here.
    void setStale(bool stale);
    /// Its button is the thing to do next.
    void setNext(bool next);
    void focusFirstField();
    void focusModel();

Q_SIGNALS:
    void edited();
    void openRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildFields();
    void buildTraining();
    void buildOptions();
    void buildButtons();
    void connectFields();
    void showRows();
    void drawFold();
    void noteEdit();
    QString preprocessing() const;

    QFormLayout* m_form;
    PathField* m_data;
    QRadioButton* m_openModel;
    QRadioButton* m_trainModel;
    PathField* m_model;
    QWidget* m_training = nullptr;
    QComboBox* m_architecture;
    QSpinBox* m_epochs;
    QToolButton* m_fold;
    QWidget* m_trainSizeRow = nullptr;
    QSpinBox* m_trainSize;
    PathField* m_labels;
    QComboBox* m_preprocessing;
    PathField* m_preprocessingFile;
    PathField* m_margins;
    QLabel* m_stale;
    QPushButton* m_open;
    bool m_quiet = false; ///< Paths are being set, not typed.
};

} // namespace culprit::ui
