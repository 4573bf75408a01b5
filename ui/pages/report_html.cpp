// SPDX-License-Identifier: GPL-3.0-or-later
// One function a section; a section without figures leaves nothing behind.
#include "pages/report_html.h"

#include "client/policy.h"
#include "client/treatment_words.h"
#include "models/figures_model.h"
#include "pages/repair_figures.h"
#include "pages/report_chart.h"
#include "widgets/theme.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <tuple>

namespace culprit::ui {

namespace {

struct Report {
    Q_DECLARE_TR_FUNCTIONS(Report)
};

constexpr qsizetype mostPictures = 24;
constexpr qsizetype mostClasses = 40; ///< Above this, the classes that changed most.
constexpr qsizetype mostConfusions = 8;
constexpr qsizetype mostNames = 30;
constexpr qsizetype mostNotes = 60;
constexpr int pictureEdge = 40; ///< Device-independent pixels: a good centimetre on paper.
constexpr double bodyPoints = 9.5;

const QString hidden = QStringLiteral("…"); // what stands for a path that is not to be told

QString escaped(const QString& text)
{
    QString safe = text;
    for (QChar& letter : safe) {
        // Control characters and marks that reorder the text around them have no place in a report.
        const bool reorders = (letter.unicode() >= 0x202a && letter.unicode() <= 0x202e) ||
                              (letter.unicode() >= 0x2066 && letter.unicode() <= 0x2069);
        if (letter.category() == QChar::Other_Control || reorders)
            letter = QChar::ReplacementCharacter;
    }
    return safe.toHtmlEscaped();
}

QString count(qint64 value)
{
    return QLocale().toString(value);
}

QString images(qint64 value)
{
    return Report::tr("%Ln image(s)", nullptr, static_cast<int>(value));
}

QString section(const QString& title, const QString& body)
{
    return body.isEmpty() ? QString() : QStringLiteral("<h2>%1</h2>").arg(title) + body;
}

QString fact(const QString& name, const QString& html)
{
    return QStringLiteral("<tr><td class=\"name\" width=\"24%\">%1</td><td class=\"fact\">%2</td></tr>")
        .arg(name, html);
}

/// Like all tables 99 % wide: the widths of columns are rounded up, and their sum has to fit the paper.
QString facts(const QString& rows)
{
    return QStringLiteral("<table width=\"99%\" cellspacing=\"0\" cellpadding=\"3\">%1</table>").arg(rows);
}

struct Column {
    QString title;
    bool isNumber = false;
};

/// A table whose header repeats on every page.
QString table(const QList<Column>& columns, const QList<QStringList>& rows)
{
    const auto cells = [&](const QStringList& texts, const char* tag) {
        QString html(QStringLiteral("<tr>"));
        for (qsizetype i = 0; i < texts.size(); ++i)
            html += QStringLiteral("<%1 align=\"%2\" valign=\"top\">%3</%1>")
                        .arg(QLatin1String(tag),
                             columns[i].isNumber ? QLatin1String("right") : QLatin1String("left"), texts[i]);
        return html + QStringLiteral("</tr>");
    };
    QStringList titles;
    for (const Column& column : columns)
        titles << column.title;
    QString html =
        QStringLiteral("<table class=\"figures\" width=\"99%\" cellspacing=\"0\" cellpadding=\"4\">"
                       "<thead>%1</thead><tbody>")
            .arg(cells(titles, "th"));
    for (const QStringList& row : rows)
        html += cells(row, "td");
    return html + QStringLiteral("</tbody></table>");
}

QString className(const Findings& findings, std::int32_t index)
{
    return escaped(findings.data->classes.value(index, QString::number(index)));
}

// --- The top --------------------------------------------------------------------------------------------

QString finding(const Findings& findings)
{
    if (const TreatmentReply* treatment = recommendedOf(findings))
        return escaped(verdictOf(findings, *treatment, &plainNumber));
    if (findings.identification)
        return Report::tr("%1 of %2 in the training set are likely causes of the failures.")
            .arg(count(findings.cut.count), images(findings.data->train.images));
    return Report::tr("The model is right on %1 of the test images and fails on %2.")
        .arg(Figure::percent(findings.evaluation->accuracy).text,
             count(findings.evaluation->failures.size()));
}

QString figure(const QString& name, const QString& value, const QString& remark)
{
    return QStringLiteral("<td class=\"figure\" width=\"25%\"><span class=\"dim\">%1</span><br/><span "
                          "class=\"value\">%2</span><br/><span class=\"dim\">%3</span></td>")
        .arg(name, value, remark);
}

QString keyFigures(const Findings& findings)
{
    QString cells;
    if (const TreatmentReply* treatment = recommendedOf(findings)) {
        const RepairCounts counts = countsOf(findings, *treatment);
        const evaluation::Outcome& outcome = treatment->effect.outcome;
        cells +=
            figure(Report::tr("Held-out failures repaired"), Figure::percent(outcome.after.holdout).text,
                   Report::tr("%1 of %2, never seen").arg(count(counts.holdoutRight), count(counts.holdout)));
        cells += figure(Report::tr("Whole test set"), Figure::percent(outcome.after.test).text,
                        Report::tr("was %1 (%2 points)")
                            .arg(Figure::percent(outcome.before.test).text,
                                 pointsText(outcome.before.test, outcome.after.test)));
    } else
        cells += figure(Report::tr("Accuracy"), Figure::percent(findings.evaluation->accuracy).text,
                        Report::tr("of %1").arg(images(findings.data->test.images)));
    if (findings.identification)
        cells += figure(Report::tr("Culprits"), count(findings.cut.count),
                        Report::tr("of %1").arg(images(findings.data->train.images)));
    if (findings.identification && findings.cut.estimatedPrecision)
        cells +=
            figure(Report::tr("Estimated precision"), Figure::percent(*findings.cut.estimatedPrecision).text,
                   Report::tr("of the culprits rightly accused"));
    return QStringLiteral("<table width=\"99%\" cellspacing=\"0\" cellpadding=\"6\"><tr>%1</tr></table>")
        .arg(cells);
}

QString staleness(const Findings& findings)
{
    if (findings.identificationIsStale)
        return QStringLiteral("<p class=\"warning\">%1</p>")
            .arg(Report::tr("The failures were chosen anew after the culprits were found: the two do not "
                            "belong together."));
    if (findings.treatmentsAreStale)
        return QStringLiteral("<p class=\"warning\">%1</p>")
            .arg(
                Report::tr("The culprits were chosen anew after the repair: the figures of the repair belong "
                           "to the choice before."));
    return {};
}

QString title(const Findings& findings)
{
    if (!findings.treatments.isEmpty())
        return Report::tr("Why this model fails, and what the repair changed");
    return findings.identification ? Report::tr("Why this model fails")
                                   : Report::tr("Where this model fails");
}

QString top(const ReportContent& content)
{
    QString byline = Report::tr("Made by Culprit %1")
                         .arg(escaped(content.tool ? QString::fromStdString(content.tool->version)
                                                   : QString::fromLatin1(CULPRIT_VERSION)));
    if (content.date.isValid())
        byline = Report::tr("%1 on %2").arg(byline, QLocale().toString(content.date, QLocale::LongFormat));
    QString banners;
    for (const QString& banner : content.banners)
        banners += QStringLiteral("<p class=\"banner\" align=\"center\">%1</p>").arg(escaped(banner));
    return banners + QStringLiteral("<h1>%1</h1><p class=\"dim\">%2</p>%3<p class=\"finding\">%4</p>%5")
                         .arg(title(content.findings), byline, staleness(content.findings),
                              finding(content.findings), keyFigures(content.findings));
}

// --- What was asked -------------------------------------------------------------------------------------

QString modelFacts(const ReportContent& content)
{
    const OpenedModel& model = *content.findings.model;
    const QString name = model.path.isEmpty() ? Report::tr("trained in Culprit")
                         : content.hidesPaths ? hidden
                                              : escaped(model.path);
    QString rows = fact(Report::tr("Model"),
                        Report::tr("%1, %2").arg(name, Report::tr("%Ln parameter(s)", nullptr,
                                                                  static_cast<int>(model.parameters))));
    if (!content.modelHash.isEmpty())
        rows +=
            fact(Report::tr("SHA-256"), QStringLiteral("<code>%1</code>").arg(escaped(content.modelHash)));
    if (!model.preprocessing.isEmpty())
        rows += fact(Report::tr("Preprocessing"), escaped(model.preprocessing));
    return rows;
}

QString dataFacts(const OpenedData& data, bool hidesPaths)
{
    const QString what =
        data.format == QLatin1String("demo")
            ? Report::tr("the demo set, drawn by Culprit")
            : Report::tr("%1 (%2)").arg(hidesPaths ? hidden : escaped(data.path), escaped(data.format));
    QString rows = fact(Report::tr("Data"), what);
    rows += fact(Report::tr("Images"), Report::tr("%1 for training, %2 for testing; %3 by %4 pixels")
                                           .arg(count(data.train.images), count(data.test.images),
                                                count(data.width), count(data.height)));
    if (data.unreadableCount > 0)
        rows += fact(Report::tr("Unreadable"), images(data.unreadableCount));
    QStringList names;
    for (const QString& name : data.classes.mid(0, mostNames))
        names << escaped(name);
    if (data.classes.size() > mostNames)
        names << QStringLiteral("…");
    return rows + fact(Report::tr("Classes"), Report::tr("%1: %2").arg(count(data.classes.size()),
                                                                       names.join(QStringLiteral(", "))));
}

QString questionFacts(const Findings& findings)
{
    QString rows = fact(Report::tr("The model"),
                        Report::tr("%1 of the test images right, %2")
                            .arg(Figure::percent(findings.evaluation->accuracy).text,
                                 Report::tr("%Ln failure(s)", nullptr,
                                            static_cast<int>(findings.evaluation->failures.size()))));
    if (!findings.split)
        return rows;
    const FailureSplit& split = *findings.split;
    return rows +
           fact(Report::tr("Failures asked about"),
                Report::tr("%1 (%2), divided at random within each kind of confusion: %3 query, %4 held out")
                    .arg(count(split.query.size() + split.holdout.size()), escaped(findings.failureSet.name),
                         count(split.query.size()), count(split.holdout.size()))) +
           fact(Report::tr("Remaining"),
                Report::tr("%1 that the model got right").arg(images(split.remaining.size())));
}

QString asked(const ReportContent& content)
{
    const Findings& findings = content.findings;
    QString rows;
    if (findings.model)
        rows += modelFacts(content);
    rows += dataFacts(*findings.data, content.hidesPaths) + questionFacts(findings);
    QString html =
        QStringLiteral("<p>%1</p>")
            .arg(Report::tr(
                "Which training images made the model fail on these test images, and what happens when it "
                "forgets them?"));
    html += facts(rows);
    if (findings.split)
        html +=
            QStringLiteral("<p>%1</p>")
                .arg(Report::tr(
                    "<b>Held out</b> means that no step of the search or the repair saw these failures, "
                    "neither image nor label. The <b>query</b> failures are those that the search learned "
                    "from. What happens to the held-out failures tells whether the repair reaches failures "
                    "that it was not shown."));
    return section(Report::tr("What was asked"), html);
}

QString confusions(const Findings& findings)
{
    struct Cell {
        std::int64_t label, predicted, images;
    };
    const evaluation::Confusion& confusion = findings.evaluation->confusion;
    std::vector<Cell> cells;
    for (std::int64_t label = 0; label < confusion.classes; ++label)
        for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted)
            if (label != predicted && confusion.at(label, predicted) > 0)
                cells.push_back({label, predicted, confusion.at(label, predicted)});
    const auto shown = std::min<std::size_t>(cells.size(), mostConfusions);
    std::partial_sort(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(shown), cells.end(),
                      [](const Cell& a, const Cell& b) {
                          return std::tuple(-a.images, a.label, a.predicted) <
                                 std::tuple(-b.images, b.label, b.predicted);
                      });
    QStringList words;
    for (std::size_t i = 0; i < shown; ++i)
        words << Report::tr("%1 taken for %2: %3")
                     .arg(className(findings, static_cast<std::int32_t>(cells[i].label)),
                          className(findings, static_cast<std::int32_t>(cells[i].predicted)),
                          count(cells[i].images));
    if (words.isEmpty())
        return {};
    return QStringLiteral("<p><b>%1</b> %2.</p>")
        .arg(Report::tr("Most frequent confusions."), words.join(QStringLiteral("; ")));
}

// --- The culprits ---------------------------------------------------------------------------------------

QString method(const Findings& findings)
{
    if (!findings.identification)
        return {};
    const IdentificationReply& found = *findings.identification;
    QString html =
        QStringLiteral("<p>%1</p>")
            .arg(Report::tr(
                "The model learned the right answers to the query failures for a few steps. A training image "
                "that this makes less likely had argued for the failures: that is its <b>influence</b>, in "
                "nats. Its <b>suspicion</b> says how far the images most like it speak against its label. "
                "Both "
                "are compared with what harmless images show by chance, and added up."));
    QString cut =
        Report::tr("%1: %2 of %3")
            .arg(escaped(findings.cut.name), count(findings.cut.count), images(found.ranking.size()));
    cut += findings.cut.estimatedPrecision ? Report::tr("; an estimated %1 of them rightly accused")
                                                 .arg(Figure::percent(*findings.cut.estimatedPrecision).text)
                                           : Report::tr("; this cut makes no estimate of its precision");
    QString cost = durationText(found.seconds);
    if (found.forwardSeconds > 0.0)
        cost = Report::tr("%1, %2 times one plain pass over the training set")
                   .arg(cost, Figure::decimal(found.seconds / found.forwardSeconds, 1).text);
    return section(Report::tr("How the culprits were found"),
                   html + facts(fact(Report::tr("Method"), escaped(found.method)) +
                                fact(Report::tr("Cut"), cut) + fact(Report::tr("Cost"), cost)));
}

QSize fitted(const QSize& picture)
{
    return picture.isEmpty() ? QSize(pictureEdge, pictureEdge)
                             : picture.scaled(pictureEdge, pictureEdge, Qt::KeepAspectRatio);
}

/// A line as tall as a picture goes to the next page with the picture in its row.
QString tall(const QString& html)
{
    return QStringLiteral("<img src=\"strut\" width=\"1\" height=\"%1\" style=\"vertical-align: middle\"/>%2")
        .arg(pictureEdge)
        .arg(html);
}

QString pictureCell(const ReportContent& content, const data::ImageId& id)
{
    const QImage picture = content.pictures.value(id);
    if (picture.isNull())
        return tall(QStringLiteral("<span class=\"dim\">%1</span>").arg(Report::tr("no image")));
    const QSize size = fitted(picture.size());
    return QStringLiteral("<img src=\"%1\" width=\"%2\" height=\"%3\" style=\"vertical-align: middle\"/>")
        .arg(pictureName(id))
        .arg(size.width())
        .arg(size.height());
}

/// One line, whose end says most: a row of two lines could be split by the end of a page.
QString shortened(const QString& file)
{
    constexpr qsizetype longest = 26;
    return file.size() <= longest ? file : QStringLiteral("…") + file.right(longest - 1);
}

QString verdictText(const report::DecidedImage& decided)
{
    switch (decided.verdict) {
    case review::Verdict::Keep:
        return Report::tr("kept");
    case review::Verdict::Relabel:
        return Report::tr("now <b>%1</b>").arg(escaped(QString::fromStdString(decided.label)));
    case review::Verdict::Exclude:
        return Report::tr("excluded");
    case review::Verdict::Flag:
        return Report::tr("flagged");
    case review::Verdict::Undecided:
        break;
    }
    return QStringLiteral("–");
}

QString verdictCell(const report::ReviewSection& review, qint64 index)
{
    const report::DecidedImage* decided = report::decisionOn(review, index);
    return decided ? verdictText(*decided) : QStringLiteral("–");
}

QString agreementText(const report::SecondReader& other)
{
    const double share = static_cast<double>(other.agreed) / static_cast<double>(other.images);
    const QString kappa =
        other.kappa ? Report::tr("Cohen’s kappa %1").arg(Figure::decimal(*other.kappa, 2).text)
                    : Report::tr("Cohen’s kappa does not exist, because both gave one and the same answer");
    return Report::tr("%1 decided %2 of these images too and agreed on %3 (%4); %5")
        .arg(escaped(QString::fromStdString(other.reader)), count(other.images), count(other.agreed),
             Figure::percent(share).text, kappa);
}

QString notesOfReader(const report::ReviewSection& review)
{
    QList<QStringList> rows;
    for (const auto& each : review.decisions) {
        if (each.note.empty() || rows.size() == mostNotes)
            continue;
        rows << QStringList{
            count(each.index), verdictText(each), escaped(QString::fromStdString(review.reader)),
            escaped(QString::fromStdString(each.note).replace(QLatin1Char('\n'), QLatin1Char(' ')))};
    }
    return rows.isEmpty() ? QString()
                          : table({{Report::tr("Training image")},
                                   {Report::tr("Decision")},
                                   {Report::tr("Reader")},
                                   {Report::tr("Note")}},
                                  rows);
}

/// Who decided how many images and how, and what pins it down.
QString decisions(const ReportContent& content)
{
    if (!content.review)
        return {};
    const report::ReviewSection& review = *content.review;
    const report::VerdictCounts& counts = review.counts;
    QString html = QStringLiteral("<p>%1</p>")
                       .arg(Report::tr(
                           "A person looked at training images and decided. Relabelled images train with the "
                           "new label, excluded ones leave the training set, kept and flagged ones are never "
                           "treated as causes."));
    if (review.isAfterRepair)
        html += QStringLiteral("<p class=\"warning\">%1</p>")
                    .arg(Report::tr("Decisions or culprits changed after the repair: its figures belong to "
                                    "those before."));
    QString rows = fact(Report::tr("Reader"), escaped(QString::fromStdString(review.reader))) +
                   fact(Report::tr("Decided"),
                        Report::tr("%1: %2 kept, %3 relabelled, %4 excluded, %5 flagged as ambiguous; %6 "
                                   "undecided of %7")
                            .arg(count(counts.decided()), count(counts.kept), count(counts.relabelled),
                                 count(counts.excluded), count(counts.flagged), count(counts.undecided),
                                 images(review.images)));
    for (const auto& other : review.others)
        rows += fact(Report::tr("Second reader"), agreementText(other));
    rows += fact(Report::tr("Audit trail"),
                 Report::tr("%1, the last with hash <code>%2</code>")
                     .arg(Report::tr("%Ln line(s)", nullptr, static_cast<int>(review.trailLines)),
                          escaped(QString::fromStdString(review.trailHash))));
    return section(Report::tr("What was decided"), html + facts(rows) + notesOfReader(review));
}

QStringList culpritRow(const ReportContent& content, qint64 row, qsizetype rank)
{
    const Findings& findings = content.findings;
    const IdentificationReply& found = *findings.identification;
    const data::ImageId id{data::Part::Train, findings.data->train.indices.value(row)};
    const QString file = content.trainFiles.value(row);
    const QString name = file.isEmpty() || content.hidesPaths ? count(id.index) : escaped(shortened(file));
    const std::int32_t given = findings.data->train.labels.value(row, noClass);
    const std::int32_t suggested = found.suggested.value(row, noClass);
    const QString proposal = className(findings, suggested);
    QStringList cells{tall(count(rank)),
                      pictureCell(content, id),
                      tall(name),
                      tall(className(findings, given)),
                      tall(className(findings, found.predicted.value(row, noClass))),
                      tall(suggested == given ? proposal : QStringLiteral("<b>%1</b>").arg(proposal)),
                      tall(Figure::decimal(static_cast<double>(found.influence.value(row)), 2).text),
                      tall(Figure::decimal(static_cast<double>(found.suspicion.value(row)), 2).text)};
    if (content.review)
        cells << tall(verdictCell(*content.review, id.index));
    return cells;
}

QString culprits(const ReportContent& content)
{
    const Findings& findings = content.findings;
    const QList<qint64> rows = picturedRows(findings);
    if (rows.isEmpty())
        return {};
    QList<qint64> ranks; // acquitted images keep their rank, so ranks may have gaps
    for (const qint64 row : rows)
        ranks << findings.identification->ranking.indexOf(row) + 1;
    QList<QStringList> cells;
    for (qsizetype i = 0; i < rows.size(); ++i)
        cells << culpritRow(content, rows[i], ranks[i]);
    const QString lead = rows.size() < findings.cut.count
                             ? Report::tr("The first %1 of %2; causes.csv has them all.")
                                   .arg(count(rows.size()), count(findings.cut.count))
                             : Report::tr("All of them, the strongest first.");
    QList<Column> columns{{Report::tr("Rank"), true},      {{}},
                          {Report::tr("Training image")},  {Report::tr("Given label")},
                          {Report::tr("The model says")},  {Report::tr("Suggested")},
                          {Report::tr("Influence"), true}, {Report::tr("Suspicion"), true}};
    if (content.review)
        columns << Column{Report::tr("Decision")};
    return section(Report::tr("The culprits"), QStringLiteral("<p>%1</p>").arg(lead) + table(columns, cells));
}

// --- What changed ---------------------------------------------------------------------------------------

QString shareWithInterval(double share, qint64 images)
{
    if (images <= 0 || !std::isfinite(share))
        return Figure::percent(share).text;
    const auto interval = evaluation::wilson(std::llround(share * static_cast<double>(images)), images);
    return QStringLiteral("%1 <span class=\"dim\">(%2)</span>")
        .arg(Figure::percent(share).text, percentRange(interval.low, interval.high));
}

QString beforeAfterTable(const RepairFigures& figures)
{
    QList<Column> columns{{Report::tr("Test images")},
                          {Report::tr("Images"), true},
                          {Report::tr("Before"), true},
                          {Report::tr("After, 95 % interval"), true}};
    if (figures.control)
        columns << Column{Report::tr("Random control"), true};
    const auto row = [&](const QString& name, double evaluation::Accuracies::*part, qint64 images) {
        QStringList cells{name, count(images), Figure::percent(figures.before.*part).text,
                          shareWithInterval(figures.after.*part, images)};
        if (figures.control)
            cells << shareWithInterval((*figures.control).*part, images);
        return cells;
    };
    using evaluation::Accuracies;
    return table(
        columns,
        {row(Report::tr("Query failures, seen by the method"), &Accuracies::query, figures.sizes.query),
         row(Report::tr("Held-out failures, never seen"), &Accuracies::holdout, figures.sizes.holdout),
         row(Report::tr("Remaining images, were right"), &Accuracies::remaining, figures.sizes.remaining),
         row(Report::tr("Whole test set"), &Accuracies::test, figures.sizes.test)});
}

QString changed(const Findings& findings)
{
    const TreatmentReply* treatment = recommendedOf(findings);
    if (!treatment)
        return {};
    const RepairFigures figures = repairFiguresOf(findings, *treatment);
    QString html =
        QStringLiteral("<p>%1</p>")
            .arg(Report::tr("%1: share of images that the model gets right. The failures start at nought and "
                            "the remaining "
                            "images at all of them, by definition. The repair fixed %2 and broke %3.")
                     .arg(escaped(treatmentName(treatment->effect.method)), images(figures.fixed),
                          count(figures.broken)));
    const QSize chart = chartSize(figures);
    html += QStringLiteral("<p class=\"chart\"><img src=\"chart\" width=\"%1\" height=\"%2\"/></p>")
                .arg(chart.width())
                .arg(chart.height());
    return section(Report::tr("Before and after"), html + beforeAfterTable(figures));
}

/// By image, by case, and cases without an error, before and after.
QString caseByCase(const Findings& findings)
{
    const TreatmentReply* treatment = recommendedOf(findings);
    if (!treatment || !treatment->effect.cases || treatment->effect.cases->after.cases == 0)
        return {};
    using evaluation::Accuracies;
    const auto& before = treatment->effect.cases->before;
    const auto& after = treatment->effect.cases->after;
    const evaluation::Outcome& outcome = treatment->effect.outcome;
    const auto change = [](double was, double is) {
        return Report::tr("%1 → %2").arg(Figure::percent(was).text, Figure::percent(is).text);
    };
    const auto row = [&](const QString& name, double Accuracies::*part) {
        return QStringList{name, change(outcome.before.*part, outcome.after.*part),
                           change(before.mean.*part, after.mean.*part),
                           change(before.allRight.*part, after.allRight.*part)};
    };
    const QString lead = Report::tr(
        "The test set has %Ln case(s). By image: every image counts once. By case: every case counts "
        "once, with the share of its images that are right. Cases all right: no image of the case is "
        "wrong.",
        nullptr, static_cast<int>(after.cases));
    return section(Report::tr("Case by case"),
                   QStringLiteral("<p>%1</p>").arg(lead) +
                       table({{Report::tr("Test images")},
                              {Report::tr("By image"), true},
                              {Report::tr("By case"), true},
                              {Report::tr("Cases all right"), true}},
                             {row(Report::tr("Query failures, seen by the method"), &Accuracies::query),
                              row(Report::tr("Held-out failures, never seen"), &Accuracies::holdout),
                              row(Report::tr("Remaining images, were right"), &Accuracies::remaining),
                              row(Report::tr("Whole test set"), &Accuracies::test)}));
}

QString allTreatments(const Findings& findings)
{
    if (findings.treatments.size() < 2)
        return {};
    QList<QStringList> rows;
    for (const TreatmentReply& treatment : findings.treatments) {
        const evaluation::Outcome& outcome = treatment.effect.outcome;
        rows << QStringList{escaped(treatmentName(treatment.effect.method)),
                            shareWithInterval(outcome.after.holdout, treatment.split.holdout.size()),
                            Figure::percent(outcome.after.remaining).text,
                            Figure::percent(outcome.after.test).text,
                            count(static_cast<qint64>(outcome.fixed.size())),
                            count(static_cast<qint64>(outcome.broken.size())),
                            durationText(treatment.effect.seconds)};
    }
    return section(Report::tr("All treatments"), table({{Report::tr("Treatment")},
                                                        {Report::tr("Held out"), true},
                                                        {Report::tr("Remaining"), true},
                                                        {Report::tr("Test set"), true},
                                                        {Report::tr("Fixed"), true},
                                                        {Report::tr("Broken"), true},
                                                        {Report::tr("Time"), true}},
                                                       rows));
}

/// All classes, or those that changed most where they are many; in the order of the data.
std::vector<std::size_t> shownClasses(const std::vector<evaluation::ClassAccuracy>& classes)
{
    std::vector<std::size_t> order(classes.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    if (static_cast<qsizetype>(order.size()) <= mostClasses)
        return order;
    const auto change = [&](std::size_t i) {
        const double points = std::abs(classes[i].after - classes[i].before);
        return std::isfinite(points) ? points : 0.0;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return change(a) > change(b); });
    order.resize(mostClasses);
    std::sort(order.begin(), order.end());
    return order;
}

QString classByClass(const Findings& findings)
{
    const TreatmentReply* treatment = recommendedOf(findings);
    if (!treatment)
        return {};
    const auto& classes = treatment->effect.outcome.perClass;
    QList<QStringList> rows;
    for (const std::size_t i : shownClasses(classes))
        rows << QStringList{className(findings, static_cast<std::int32_t>(i)), count(classes[i].images),
                            Figure::percent(classes[i].before).text, Figure::percent(classes[i].after).text,
                            pointsText(classes[i].before, classes[i].after)};
    const QString lead =
        rows.size() < static_cast<qsizetype>(classes.size())
            ? QStringLiteral("<p>%1</p>")
                  .arg(Report::tr("The %1 of %2 classes that changed most.")
                           .arg(count(rows.size()), count(static_cast<qint64>(classes.size()))))
            : QString();
    return section(Report::tr("Class by class"), lead + table({{Report::tr("Class")},
                                                               {Report::tr("Test images"), true},
                                                               {Report::tr("Before"), true},
                                                               {Report::tr("After"), true},
                                                               {Report::tr("Points"), true}},
                                                              rows));
}

// --- Limits, reproduction, notes ------------------------------------------------------------------------

QString list(const QStringList& sentences)
{
    QString html(QStringLiteral("<ul>"));
    for (const QString& sentence : sentences)
        html += QStringLiteral("<li>%1</li>").arg(sentence);
    return html + QStringLiteral("</ul>");
}

QString limits(const Findings& findings)
{
    constexpr qsizetype fewFailures = 30; // fewer leave an interval wider than ±18 points
    QStringList sentences;
    if (findings.identification)
        sentences << Report::tr(
            "A culprit is a suspect, not a verdict. Look at an image before you remove it or "
            "change its label.");
    if (findings.identification && findings.cut.estimatedPrecision)
        sentences << Report::tr(
            "The precision of the cut is estimated from the scores alone. Only a look at the "
            "images, or known wrong labels, can tell it.");
    if (const TreatmentReply* treatment = recommendedOf(findings)) {
        sentences
            << Report::tr("The query failures were shown to the method, so its figures on them flatter. The "
                          "held-out failures are the fair measure; the whole test set contains both.")
            << Report::tr("The held-out failures come from the same test set. Images from another place, "
                          "device or time may behave differently.")
            << Report::tr("This is one model trained once and one division of its failures. Another training "
                          "run, or another seed, gives somewhat different culprits and figures.");
        const qsizetype holdout = treatment->split.holdout.size();
        if (holdout < fewFailures)
            sentences << Report::tr(
                "Only %Ln failure(s) could be held out, so the interval of the repair is wide.", nullptr,
                static_cast<int>(holdout));
    }
    if (findings.data->unreadableCount > 0)
        sentences << Report::tr("%Ln image(s) could not be read and took no part.", nullptr,
                                static_cast<int>(findings.data->unreadableCount));
    return sentences.isEmpty() ? QString() : section(Report::tr("What this does not show"), list(sentences));
}

/// What may stand in the command line without a slash before it.
QStringList namesIn(const Findings& findings)
{
    QStringList names;
    if (findings.data)
        names << findings.data->path;
    if (findings.model)
        names << findings.model->path;
    return names;
}

QString reproduction(const ReportContent& content)
{
    QString html;
    if (!content.command.isEmpty())
        html += QStringLiteral("<p class=\"command\"><code>%1</code></p>")
                    .arg(escaped(content.hidesPaths ? withoutPaths(content.command, namesIn(content.findings))
                                                    : content.command));
    if (content.findings.failureSet.rows)
        html +=
            QStringLiteral("<p>%1</p>")
                .arg(Report::tr(
                    "chosen_failures.csv names the failures asked about; it is saved with the other files."));
    if (content.tool) {
        const report::ToolSection& tool = *content.tool;
        html += facts(fact(Report::tr("With"), Report::tr("Culprit %1, LibTorch %2")
                                                   .arg(escaped(QString::fromStdString(tool.version)),
                                                        escaped(QString::fromStdString(tool.libtorch)))) +
                      fact(Report::tr("On"),
                           Report::tr("%1, %2").arg(escaped(QString::fromStdString(tool.device)),
                                                    Report::tr("%Ln thread(s)", nullptr, tool.threads))) +
                      fact(Report::tr("Seed"), QString::number(tool.seed)));
        html += QStringLiteral("<p>%1</p>")
                    .arg(Report::tr("The same inputs, seed, device and number of threads give the same "
                                    "figures, times aside."));
    }
    return section(Report::tr("How to make it again"), html);
}

QString notes(const Findings& findings)
{
    QStringList sentences;
    const auto add = [&](const QString& about, const QStringList& texts) {
        for (const QString& text : texts)
            sentences << QStringLiteral("<b>%1:</b> %2").arg(escaped(about), escaped(text));
    };
    if (findings.model)
        add(Report::tr("Model"), findings.model->notes);
    if (findings.identification)
        add(Report::tr("Search"), findings.identification->notes);
    for (const TreatmentReply& treatment : findings.treatments)
        add(treatmentName(treatment.effect.method), treatment.effect.notes);
    return sentences.isEmpty() ? QString() : section(Report::tr("Notes of the run"), list(sentences));
}

// --- All of it ------------------------------------------------------------------------------------------

} // namespace

QString pictureName(const data::ImageId& id)
{
    return QStringLiteral("culprit:%1").arg(id.index);
}

QList<qint64> picturedRows(const Findings& findings)
{
    QList<qint64> rows;
    if (!findings.identification)
        return rows;
    for (const qint64 row : findings.identification->ranking) {
        if (rows.size() == std::min<qsizetype>(mostPictures, findings.cut.count))
            break;
        if (findings.cut.selected.value(row) != 0)
            rows << row;
    }
    return rows;
}

QString reportStyleSheet()
{
    const QPalette paper = lightPalette();
    const Accents& accents = accentsOf(paper);
    return QStringLiteral("body { color: %1; }"
                          "h1 { font-size: 17pt; font-weight: 600; margin-top: 0px; margin-bottom: 4px; }"
                          "h2 { font-size: 12.5pt; font-weight: 600; margin-top: 26px; margin-bottom: 8px; }"
                          "p { margin-top: 6px; margin-bottom: 8px; line-height: 125%; }"
                          "p.chart { line-height: 100%; margin-bottom: 14px; }"
                          "p.finding { font-size: 11.5pt; margin-top: 14px; margin-bottom: 14px; }"
                          "p.warning { color: %4; font-weight: 600; }"
                          "p.banner { color: %4; font-weight: 600; font-size: 11pt; margin-bottom: 12px; }"
                          "p.command { background-color: %5; }"
                          "code { font-family: monospace; font-size: 8.5pt; }"
                          ".dim { color: %2; font-size: 8.5pt; }"
                          "span.value { font-size: 16pt; font-weight: 600; }"
                          "td.figure { border-top: 1px solid %3; border-bottom: 1px solid %3; }"
                          "td.name { color: %2; }"
                          "table.figures th { color: %2; font-weight: 600; font-size: 8.5pt; border-bottom: "
                          "1px solid %2; }"
                          "table.figures td { border-bottom: 1px solid %3; }"
                          "li { margin-bottom: 5px; }")
        .arg(paper.color(QPalette::Text).name(), accents.dim.name(), accents.line.name(),
             accents.orange.name(), accents.raised.name());
}

QString reportHtml(const ReportContent& content)
{
    const Findings& findings = content.findings;
    if (!findings.data || !findings.evaluation)
        return QStringLiteral("<p>%1</p>").arg(Report::tr("There is nothing to report yet."));
    return QStringLiteral("<body>") + top(content) + asked(content) + confusions(findings) +
           method(findings) + decisions(content) + culprits(content) + changed(findings) +
           caseByCase(findings) + allTreatments(findings) + classByClass(findings) + limits(findings) +
           reproduction(content) + notes(findings) + QStringLiteral("</body>");
}

} // namespace culprit::ui
