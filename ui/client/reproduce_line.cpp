// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/reproduce_line.h"

#include "base/shell_words.h"

#include <QLocale>
#include <algorithm>
#include <array>
#include <vector>

namespace culprit::ui {

namespace {

/// Only the presets go by a name; other statistics come with the side-car again.
bool isPreset(const QString& name)
{
    constexpr std::array presets{"none", "mnist", "cifar10", "imagenet"};
    return std::any_of(presets.begin(), presets.end(),
                       [&](const char* preset) { return name == QLatin1String(preset); });
}

QString quoted(const QStringList& words)
{
    std::vector<std::string> plain;
    for (const QString& word : words)
        plain.push_back(word.toStdString());
    return QString::fromStdString(shellLine(plain));
}

QStringList modelAndData(const Findings& findings, const QString& model, const QString& data,
                         const report::Result* result)
{
    QStringList words{"--model", model, "--data", data};
    if (result && result->data && result->data->trainSize)
        words << "--train-size" << QString::number(*result->data->trainSize);
    if (result && result->data && result->data->trainLabels)
        words << "--train-labels" << QString::fromStdString(*result->data->trainLabels);
    if (findings.model && isPreset(findings.model->preprocessing))
        words << "--preprocess" << findings.model->preprocessing;
    return words;
}

/// The verb that goes as far as the findings do.
QString verb(const Findings& findings)
{
    if (!findings.treatments.isEmpty())
        return "run";
    return findings.identification ? "identify" : "evaluate";
}

QStringList question(const Findings& findings, const QString& decisions)
{
    QStringList words;
    if (!findings.identification)
        return words;
    const FailureSet& failures = findings.failureSet;
    if (failures.rows)
        words << "--failures" << chosenFailuresFile;
    if (failures.queryFraction != 0.5)
        words << "--query-fraction" << QLocale::c().toString(failures.queryFraction, 'g', 15);
    words << "--method" << findings.identification->method << "--cut" << findings.cut.name;
    QStringList methods;
    for (const TreatmentReply& treatment : findings.treatments)
        methods << treatment.effect.method;
    if (!methods.isEmpty() && !decisions.isEmpty())
        words << "--decisions" << decisions;
    if (!methods.isEmpty())
        words << "--treatments" << methods.join(',');
    return words;
}

QStringList machine(const report::Result* result)
{
    if (!result)
        return {};
    return {"--device",  QString::fromStdString(result->tool.device),
            "--threads", QString::number(result->tool.threads),
            "--seed",    QString::number(result->tool.seed)};
}

} // namespace

QString reproduceLine(const Findings& findings, const report::Result* result, const QString& decisions)
{
    if (!findings.data)
        return {};
    const bool isSaved = findings.model && !findings.model->path.isEmpty();
    QString model = isSaved ? findings.model->path : trainedModelFile;
    QString data = findings.data->path;
    QString before;
    if (findings.data->format == QLatin1String("demo")) {
        before =
            quoted(QStringList{"culprit-cli", "demo", "--out", "culprit-demo"} + machine(result)) + " && ";
        model = "culprit-demo/model.pt";
        data = "culprit-demo/data";
    }
    return before +
           quoted(QStringList{"culprit-cli", verb(findings)} + modelAndData(findings, model, data, result) +
                  question(findings, decisions) + machine(result));
}

QByteArray chosenFailuresCsv(const Findings& findings)
{
    if (!findings.failureSet.rows || !findings.data)
        return {};
    QByteArray text("index\n");
    for (const qint64 row : *findings.failureSet.rows)
        text += QByteArray::number(findings.data->test.indices.value(row)) + '\n';
    return text;
}

} // namespace culprit::ui
