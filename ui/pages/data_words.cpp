// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/data_words.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace culprit::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(DataPage)
};

constexpr int samplesPerClass = 3;
/// Above it "nearly all" and "most" are taken for one class.
constexpr double nearlyAll = 0.8;
constexpr double most = 0.5;
/// At most this much above what guessing reaches is no better than guessing.
constexpr double aboveGuessing = 0.1;
constexpr double surely = 0.9;

QString number(qint64 value)
{
    return QLocale().toString(value);
}

QString percent(double share)
{
    return Words::tr("%1 %").arg(QLocale().toString(qRound(share * 100)));
}

QString sizeOf(const OpenedData& data)
{
    const QString colours = data.channels == 1   ? Words::tr("grey")
                            : data.channels == 3 ? Words::tr("colour")
                                                 : Words::tr("%Ln channel(s)", nullptr, data.channels);
    return Words::tr("%1 × %2 pixels, %3").arg(number(data.width), number(data.height), colours);
}

qint64 imagesOf(const OpenedData& data, qsizetype type)
{
    return data.train.perClass.value(type) + data.test.perClass.value(type);
}

/// What guessing reaches, always the commonest class or each as often as it comes; shares of the test set.
struct Guessing {
    double always = 0.0;
    double inProportion = 0.0;

    explicit Guessing(const QList<qint64>& perClass)
    {
        double images = 0.0;
        for (const qint64 count : perClass)
            images += static_cast<double>(count);
        for (const qint64 count : perClass) {
            const double share = images > 0.0 ? static_cast<double>(count) / images : 0.0;
            always = std::max(always, share);
            inProportion += share * share;
        }
    }
};

/// Where nearly all test images are of one class, guessing is right too often to tell it from knowing.
bool isGuessing(double accuracy, const Guessing& guessing)
{
    return accuracy < surely && accuracy <= guessing.inProportion + aboveGuessing;
}

/// "nearly all taken for 3"; empty where no class stands out.
QString concentrationOf(const ProbeReply& probe, const QStringList& classes, double commonest)
{
    if (probe.images == 0 || probe.predictedCounts.isEmpty())
        return {};
    const auto top = std::max_element(probe.predictedCounts.cbegin(), probe.predictedCounts.cend());
    const double share = static_cast<double>(*top) / static_cast<double>(probe.images);
    const auto type = top - probe.predictedCounts.cbegin();
    const QString name = classes.value(type, number(type));
    if (share <= commonest + aboveGuessing || share < most)
        return {};
    return share >= nearlyAll ? Words::tr("nearly all taken for %1").arg(name)
                              : Words::tr("most taken for %1").arg(name);
}

/// "none 12 %, mnist 97 %"
QString presetsInWords(const ProbeReply& probe)
{
    if (probe.presets.isEmpty())
        return {};
    QStringList parts;
    for (const ProbeReply::Preset& preset : probe.presets)
        parts
            << Words::tr("%1 %2", "a preset's name and accuracy").arg(preset.name, percent(preset.accuracy));
    return Words::tr("Accuracy with each preprocessing: %1").arg(parts.join(QStringLiteral(", ")));
}

std::optional<CheckLine> outputsLine(const OpenedData& data, const OpenedModel& model)
{
    QStringList without;
    qint64 images = 0;
    const qsizetype first = static_cast<qsizetype>(std::max<qint64>(0, model.outputs));
    for (qsizetype type = first; type < data.classes.size(); ++type) {
        without << data.classes.at(type);
        images += imagesOf(data, type);
    }
    if (without.isEmpty())
        return {};
    constexpr qsizetype named = 6;
    QString names = without.mid(0, named).join(QStringLiteral(", "));
    if (without.size() > named)
        names = Words::tr("%1 and %Ln more", nullptr, static_cast<int>(without.size() - named)).arg(names);
    return CheckLine{.id = QStringLiteral("data.outputs"),
                     .kind = CheckLine::Kind::Warning,
                     .text = Words::tr("The model has no output for %1.").arg(names),
                     .detail = Words::tr("%Ln image(s) with these labels can only be failures: another model "
                                         "was meant, or other data.",
                                         nullptr, static_cast<int>(images))};
}

std::optional<CheckLine> duplicatesLine(const OpenedData& data)
{
    const auto count = static_cast<int>(data.duplicateTestRows.size());
    if (count == 0)
        return {};
    const auto differing = static_cast<int>(duplicatePairsOf(data).differing());
    return CheckLine{
        .id = checks::showDuplicates,
        .kind = CheckLine::Kind::Warning,
        .text = Words::tr("%Ln test image(s) with exactly the pixels of a training image.", nullptr, count),
        .detail = differing > 0 ? Words::tr("%Ln of them with another label.", nullptr, differing)
                                : Words::tr("The accuracy on them says nothing about new images."),
        .action = Words::tr("Show them")};
}

std::optional<CheckLine> unreadableLine(const OpenedData& data)
{
    if (data.unreadableCount == 0)
        return {};
    return CheckLine{.id = checks::showUnreadable,
                     .kind = CheckLine::Kind::Warning,
                     .text = Words::tr("%Ln file(s) could not be read; the rest is used.", nullptr,
                                       static_cast<int>(data.unreadableCount)),
                     .action = Words::tr("Show why")};
}

/// All that was looked for and not found.
std::optional<CheckLine> quietLine(const OpenedData& data, bool outputsFit)
{
    QStringList fine;
    if (data.unreadableCount == 0)
        fine << Words::tr("Every file could be read");
    if (data.duplicateTestRows.isEmpty())
        fine << Words::tr("No test image is in the training set");
    if (outputsFit)
        fine << Words::tr("Every label has an output");
    if (fine.isEmpty())
        return {};
    return CheckLine{.id = QStringLiteral("data.fine"),
                     .kind = CheckLine::Kind::Fine,
                     .text = fine.join(QStringLiteral(" · "))};
}

std::optional<CheckLine> waitingLine(Activity activity)
{
    if (activity == Activity::None || activity > Activity::Probing)
        return {};
    return CheckLine{.id = QStringLiteral("data.waiting"),
                     .kind = CheckLine::Kind::Waiting,
                     .text = Words::tr("%1 …", "what runs").arg(titleOf(activity))};
}

} // namespace

QString formatInWords(const QString& format)
{
    if (format == QLatin1String("idx"))
        return Words::tr("IDX files");
    if (format == QLatin1String("cifar"))
        return Words::tr("CIFAR files");
    if (format == QLatin1String("npz"))
        return Words::tr("NPZ arrays");
    if (format == QLatin1String("folder"))
        return Words::tr("Folders of images");
    if (format == QLatin1String("manifest"))
        return Words::tr("Images named in a table");
    return format == QLatin1String("demo") ? Words::tr("Drawn by Culprit") : format;
}

QString nameOf(const OpenedData& data)
{
    return data.format == QLatin1String("demo") ? Words::tr("The demo set")
                                                : QFileInfo(QDir::cleanPath(data.path)).fileName();
}

QString nameOf(const OpenedModel& model)
{
    return model.path.isEmpty() ? Words::tr("Trained here") : QFileInfo(model.path).fileName();
}

QStringList factsOf(const OpenedData& data)
{
    QStringList lines;
    lines << Words::tr("%1 · %2").arg(formatInWords(data.format), sizeOf(data));
    QString counts =
        Words::tr("%1 training and %2 test images").arg(number(data.train.images), number(data.test.images));
    if (data.validation > 0)
        counts = Words::tr("%1 training, %2 test and %3 validation images")
                     .arg(number(data.train.images), number(data.test.images), number(data.validation));
    lines << Words::tr("%1 · %Ln class(es)", nullptr, static_cast<int>(data.classes.size())).arg(counts);
    return lines;
}

QStringList factsOf(const OpenedModel& model)
{
    QStringList parts;
    if (!model.architecture.isEmpty())
        parts << model.architecture;
    parts << Words::tr("%1 parameters").arg(number(model.parameters))
          << Words::tr("%Ln output(s)", nullptr, static_cast<int>(model.outputs));
    QStringList lines{parts.join(QStringLiteral(" · "))};
    parts = {Words::tr("Preprocessing: %1").arg(model.preprocessing), Words::tr("on %1").arg(model.device)};
    if (model.epochs > 0)
        parts << Words::tr("%Ln epoch(s)", nullptr, model.epochs);
    if (model.hasMargins)
        parts << Words::tr("with training margins");
    lines << parts.join(QStringLiteral(" · "));
    return lines + model.notes;
}

CheckLine probeLine(const ProbeReply& probe, const QStringList& classes, const QList<qint64>& testPerClass)
{
    const Guessing guessing(testPerClass);
    const QString concentration = concentrationOf(probe, classes, guessing.always);
    QString found =
        Words::tr("%Ln test image(s) at once: accuracy %1", nullptr, static_cast<int>(probe.images))
            .arg(percent(probe.accuracy));
    if (!concentration.isEmpty())
        found = Words::tr("%1, %2", "what was found, and what else").arg(found, concentration);
    CheckLine line{.id = QStringLiteral("data.probe"), .kind = CheckLine::Kind::Warning};
    if (probe.best != probe.current && !probe.best.isEmpty()) {
        line.id = checks::usePreset;
        line.text = Words::tr("%1. Other preprocessing fits better.").arg(found);
        line.detail = presetsInWords(probe);
        line.action = Words::tr("&Use %1").arg(probe.best);
        line.isNext = true;
    } else if (!concentration.isEmpty() || isGuessing(probe.accuracy, guessing)) {
        line.text = Words::tr("%1: preprocessing or class order is probably wrong.").arg(found);
        line.detail = presetsInWords(probe);
    } else {
        line.kind = CheckLine::Kind::Fine;
        line.text = Words::tr("%1. Preprocessing and class order fit.").arg(found);
    }
    return line;
}

QList<CheckLine> checksOf(const Findings& findings, Activity activity)
{
    QList<CheckLine> lines;
    if (!findings.data)
        return lines;
    const OpenedData& data = *findings.data;
    std::optional<CheckLine> outputs;
    const auto add = [&lines](const std::optional<CheckLine>& line) {
        if (line)
            lines << *line;
    };
    add(waitingLine(activity));
    if (findings.probe)
        lines << probeLine(*findings.probe, data.classes, data.test.perClass);
    if (findings.model)
        outputs = outputsLine(data, *findings.model);
    add(outputs);
    add(duplicatesLine(data));
    add(unreadableLine(data));
    add(quietLine(data, findings.model && !outputs));
    return lines;
}

QList<ClassFacts> classFactsOf(const OpenedData& data, std::optional<qint64> outputs)
{
    QList<ClassFacts> classes(data.classes.size());
    for (qsizetype type = 0; type < classes.size(); ++type) {
        ClassFacts& facts = classes[type];
        facts.name = data.classes.at(type);
        facts.trainImages = data.train.perClass.value(type);
        facts.testImages = data.test.perClass.value(type);
        facts.hasOutput = !outputs || type < *outputs;
    }
    qsizetype missing = classes.size();
    const qsizetype rows = std::min(data.train.labels.size(), data.train.indices.size());
    for (qsizetype row = 0; row < rows && missing > 0; ++row) {
        const std::int32_t label = data.train.labels.at(row);
        if (label < 0 || label >= classes.size() || classes.at(label).samples.size() >= samplesPerClass)
            continue;
        classes[label].samples << data::ImageId{data::Part::Train, data.train.indices.at(row)};
        missing -= classes.at(label).samples.size() == samplesPerClass ? 1 : 0;
    }
    return classes;
}

DuplicatePairs duplicatePairsOf(const OpenedData& data)
{
    return {{data.duplicateTrainRows, data.train.indices, data.train.labels},
            {data.duplicateTestRows, data.test.indices, data.test.labels},
            data.classes};
}

} // namespace culprit::ui
