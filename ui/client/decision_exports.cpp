// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decision_exports.h"

#include "client/run_on_pool.h"
#include "project/exports.h"

#include <QCoreApplication>
#include <QDir>

namespace culprit::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(DecisionExports)
};

project::Setup setupOf(const DecisionsToExport& what)
{
    const OpenedData& data = *what.findings.findings.data;
    project::Setup setup;
    setup.data.path = what.data.path.toStdString();
    setup.format = data.format.toStdString();
    for (const QString& name : data.classes)
        setup.classNames.push_back(name.toStdString());
    if (!what.data.trainLabels.isEmpty())
        setup.trainLabels = project::Source{what.data.trainLabels.toStdString(), {}};
    return setup;
}

Expected<project::ExportedFiles> make(const DecisionsToExport& what, const QStringList& names)
{
    const project::Setup setup = setupOf(what);
    const review::Ranking ranking = rankingOf(what.findings.findings, what.findings.trainFiles);
    const project::ExportSubject subject{setup, ranking, what.journal.reading(what.reviewer.toStdString()),
                                         what.journal.entries()};
    project::ExportedFiles all;
    for (const auto& kind : project::exportKinds()) {
        if (!names.contains(QString::fromUtf8(kind.name.data(), static_cast<qsizetype>(kind.name.size()))))
            continue;
        auto files = kind.make(subject, {});
        if (!files)
            return fail(files.error());
        std::move(files->begin(), files->end(), std::back_inserter(all));
    }
    return all;
}

Expected<QStringList> makeAndWrite(const DecisionsToExport& what, const QStringList& names,
                                   const QString& folder)
{
    auto files = make(what, names);
    if (!files)
        return fail(files.error());
    if (auto written = project::writeExports(*files, folder.toStdString()); !written)
        return fail(written.error());
    QStringList paths;
    for (const auto& file : *files)
        paths << QDir(folder).filePath(QString::fromStdString(file.name));
    return paths;
}

ExportOffer ownFormat(const QString& format)
{
    if (format == QLatin1String("folder"))
        return {"moves", Words::tr("What to move in the image folder"),
                Words::tr("A list to read, and a script that moves the images when you run it. Nothing is "
                          "moved here.")};
    if (format == QLatin1String("manifest"))
        return {"manifest", Words::tr("Corrected manifest"),
                Words::tr("The manifest with new labels, without the excluded images. Put it beside the "
                          "original.")};
    return {
        "dataset", Words::tr("Training labels in the data's own format"),
        format == QLatin1String("npz")
            ? Words::tr("A whole .npz with the new labels. Excluded images keep theirs, so that every image "
                        "stays in its place.")
            : Words::tr("A label file to put in the place of the original. Excluded images keep their "
                        "label, so that every image stays in its place.")};
}

} // namespace

QList<ExportOffer> exportsFor(const QString& format)
{
    QList<ExportOffer> offers{
        {"labels", Words::tr("Corrected labels"),
         Words::tr("corrected_labels.csv: number, file and label of every training image, and whether it is "
                   "excluded; excluded.csv: those alone.")}};
    if (format != QLatin1String("demo"))
        offers << ownFormat(format);
    offers << ExportOffer{"issues", Words::tr("Label issues"),
                          Words::tr("label_issues.csv with the columns that cleanlab's users know.")}
           << ExportOffer{"decisions", Words::tr("Decisions"),
                          Words::tr("decisions.csv: what you decided and why, to be read in again.")}
           << ExportOffer{
                  "audit", Words::tr("Audit trail"),
                  Words::tr("audit.csv: every change, by whom and when, with the chain of hashes that "
                            "shows later tampering.")};
    return offers;
}

void exportDecisions(const DecisionsToExport& what, const QStringList& names, const QString& folder,
                     QObject* context, std::function<void(const Expected<QStringList>&)> then)
{
    runOnPool(
        context, [what, names, folder] { return makeAndWrite(what, names, folder); }, std::move(then));
}

} // namespace culprit::ui
