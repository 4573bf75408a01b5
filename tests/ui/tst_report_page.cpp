// SPDX-License-Identifier: GPL-3.0-or-later
// The report says what was found and what it does not show, looks the same on screen and on paper, and
// everything can be saved: whole, where asked, and only over what the person agreed to lose.
#include "fatal_warnings.h"
#include "page_pictures.h"
#include "page_stage.h"

#include "client/reproduce_line.h"
#include "client/treatment_words.h"
#include "models/english_plurals.h"
#include "pages/report_page.h"
#include "pages/save_row.h"
#include "widgets/notice_bar.h"
#include "widgets/state_panel.h"

#include <QDesktopServices>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTextBrowser>
#include <QTextDocument>
#include <QTextTable>

using namespace culprit;
using namespace culprit::ui;
namespace own = culprit::ui::samples;
using Stage = own::Stage<ReportPage>;

namespace {

QString plain(QString text)
{
    return text.replace(QChar(0x202f), ' ').replace(QChar(0xa0), ' ');
}

QString previewOf(Stage& stage)
{
    return plain(stage.part<QTextBrowser>("report.preview")->toPlainText());
}

ReportContent contentOf(const Findings& findings)
{
    ReportContent content{.findings = findings};
    content.command = reproduceLine(findings, nullptr, {});
    content.date = QDate(2026, 1, 31);
    own::DemoSource source(own::smallDemo());
    for (const qint64 row : picturedRows(findings)) {
        const data::ImageId id{data::Part::Train, findings.data->train.indices.at(row)};
        content.pictures.insert(id, source.picture(id));
    }
    content.tool = report::ToolSection{"0.1.0", "1.13.1", "cpu", 2, 7};
    return content;
}

report::ReviewSection reviewOf(const Findings& findings)
{
    using review::Verdict;
    const auto at = [&](qsizetype i) {
        return findings.data->train.indices.at(picturedRows(findings).at(i));
    };
    report::ReviewSection review{.reader = "Ada <b>Reader</b>", .images = findings.data->train.images};
    review.decisions = {{at(0), Verdict::Relabel, "=1+1", "=1+1 <b> a,b\"c\u202E"},
                        {at(1), Verdict::Exclude, "", ""},
                        {at(2), Verdict::Keep, "", ""},
                        {at(3), Verdict::Flag, "", ""}};
    std::sort(review.decisions.begin(), review.decisions.end(),
              [](const auto& a, const auto& b) { return a.index < b.index; });
    review.counts = {1, 1, 1, 1, review.images - 4};
    review.others = {{"Bo", 3, 2, 0.5}};
    review.trailLines = 9;
    review.trailHash = std::string(64, 'c');
    return review;
}

QString textOf(const ReportContent& content)
{
    QTextDocument document;
    writeReport(document, content);
    return plain(document.toPlainText());
}

Findings chosenFailures()
{
    Findings made = own::findings(own::smallDemo());
    made.failureSet.name = QStringLiteral("4 taken for 9");
    made.failureSet.rows = made.evaluation->failures.mid(0, 3);
    made.failureSet.queryFraction = 0.25;
    made.cut = firstOfRanking(*made.identification, 12);
    return made;
}

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

/// Clicks a row's button and answers its dialog.
void saveTo(Stage& stage, const QString& what, const QString& path)
{
    auto* button = stage.findChild<QPushButton*>(QStringLiteral("report.save.") + what);
    QVERIFY(button);
    QTRY_VERIFY(button->isEnabled());
    button->click();
    QFileDialog* dialog = nullptr;
    QTRY_VERIFY((dialog = stage.findChild<QFileDialog*>("report.dialog")));
    QTRY_VERIFY(dialog->isVisible());
    auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
    QVERIFY(name);
    name->setText(path);
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(!stage.findChild<QFileDialog*>("report.dialog"));
}

QLabel* statusOf(Stage& stage, const QString& what)
{
    return stage.findChild<QLabel*>(QStringLiteral("report.status.") + what);
}

QStringList fakeEngine()
{
    return {QStringLiteral(CULPRIT_FAKE_ENGINE), QStringLiteral("well")};
}

std::unique_ptr<QWidget> staged(const Findings& findings)
{
    auto stage = std::make_unique<Stage>();
    stage->investigation.adopt(findings);
    stage->show();
    if (findings.evaluation) // the preview is written on another thread
        [&] { QTRY_VERIFY(!stage->part<QTextBrowser>("report.preview")->document()->isEmpty()); }();
    return stage;
}

::samples::PageExhibit exhibit(const QString& name, const QSize& size, const Findings& findings)
{
    return {QStringLiteral("report-") + name, size, [=] { return staged(findings); }};
}

Findings stale()
{
    Findings made = own::findings(own::smallDemo());
    made.treatmentsAreStale = true;
    return made;
}

const QList<::samples::PageExhibit>& exhibits()
{
    const QSize usual(1180, 800);
    static const QList<::samples::PageExhibit> all{
        exhibit("empty", usual, {}),
        exhibit("no-causes", usual, own::upToFailures()),
        exhibit("no-repair", usual, own::upToCauses()),
        exhibit("many", usual, own::findings(own::smallDemo())),
        exhibit("large", {1640, 980}, own::findings(own::smallDemo())),
        exhibit("small", {640, 560}, own::findings(own::smallDemo())),
        exhibit("one-image", usual, own::oneImage()),
        exhibit("stale", usual, stale()),
        {"report-saving", usual,
         [] {
             auto stage = staged(own::findings(own::smallDemo()));
             stage->findChild<SaveRow*>("report.row.report.pdf")
                 ->showSaved("/home/ana/studies/why it fails.pdf");
             stage->findChild<SaveRow*>("report.row.repaired.pt")->showSaving();
             stage->findChild<SaveRow*>("report.row.causes.csv")
                 ->showFailed(
                     "/media/stick/causes.csv: no space left on the device; free some or choose another "
                     "folder");
             return stage;
         }},
    };
    return all;
}

} // namespace

class TestReportPage : public QObject {
    Q_OBJECT

public Q_SLOTS:
    void takeUrl(const QUrl& url) { m_opened << url; }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::English);
        m_theme = std::make_unique<Theme>();
        QCoreApplication::installTranslator(&m_plurals);
        QVERIFY(m_folder.isValid());
        QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "takeUrl");
    }

    void init() { failOnAnyWarning(); }
    void cleanupTestCase()
    {
        QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
        QCoreApplication::removeTranslator(&m_plurals);
    }

    void withoutAnythingItLeadsToTheFirstStep()
    {
        Stage stage;
        stage.show();
        QSignalSpy wanted(stage.page, &Page::stepWanted);
        auto* panel = stage.part<StatePanel>("report.panel");
        QVERIFY(panel->isVisible());
        QTest::mouseClick(panel->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(wanted[0][0].value<Step>(), Step::Data);
    }

    void buttonsSayWhatIsMissing_data()
    {
        QTest::addColumn<Findings>("findings");
        QTest::addColumn<QString>("causes");
        QTest::addColumn<QString>("model");
        QTest::newRow("no causes") << own::upToFailures() << "Find causes first"
                                   << "Repair first";
        QTest::newRow("no repair") << own::upToCauses() << "Save…"
                                   << "Repair first";
        QTest::newRow("all") << own::findings(own::smallDemo()) << "Save…"
                             << "Save…";
    }

    void buttonsSayWhatIsMissing()
    {
        QFETCH(Findings, findings);
        QFETCH(QString, causes);
        QFETCH(QString, model);
        Stage stage;
        stage.show();
        stage.investigation.adopt(findings);
        const auto text = [&](const char* name) { return stage.part<QPushButton>(name)->text(); };
        QTRY_COMPARE(text("report.save.causes.csv"), causes);
        QCOMPARE(text("report.save.repaired.pt"), model);
        QCOMPARE(text("report.save.report.pdf"), "Save…");
        QCOMPARE(stage.part("report.save.repaired.pt")->isEnabled(), model == "Save…");
        QVERIFY(!stage.part("report.save.chosen_failures.csv")->isVisible());
    }

    void thePreviewSaysWhatWasFound()
    {
        Stage stage;
        stage.resize(1100, 700);
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        const Findings& found = stage.investigation.findings();
        const QString verdict = plain(verdictOf(found, found.treatments[0], &plainNumber));
        QTRY_VERIFY(previewOf(stage).contains(verdict));
        const QString text = previewOf(stage);
        for (const char* piece :
             {"/models/digits.pt", "/data/digits", "4 taken for 9", "The culprits",
              "Held-out failures, never seen", "Random control", "What this does not show",
              "A culprit is a suspect, not a verdict",
              "culprit-cli run --model /models/digits.pt --data /data/digits", "--cut calibrated"})
            QVERIFY2(text.contains(QString::fromUtf8(piece)), piece);
    }

    void thePreviewShowsThePicturesOfTheCulprits()
    {
        Stage stage;
        stage.resize(1100, 700);
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        const qint64 row = picturedRows(stage.investigation.findings()).constFirst();
        const QUrl name(QStringLiteral("culprit:%1").arg(stage.investigation.trainId(row).index));
        auto* preview = stage.part<QTextBrowser>("report.preview");
        QTRY_VERIFY(
            !preview->document()->resource(QTextDocument::ImageResource, name).value<QImage>().isNull());
        QVERIFY(!previewOf(stage).contains("no image"));
    }

    void thePreviewFollowsTheFindings()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::upToCauses());
        QTRY_VERIFY(previewOf(stage).contains("are likely causes of the failures"));
        QCOMPARE(stage.part<NoticeBar>("report.notices")->shown(), "repair");
        stage.investigation.adopt(stale());
        QTRY_VERIFY(previewOf(stage).contains("The culprits were chosen anew after the repair"));
        QCOMPARE(stage.part<NoticeBar>("report.notices")->shown(), "stale");
        QSignalSpy wanted(stage.page, &Page::stepWanted);
        QTest::mouseClick(stage.part("report.repair"), Qt::LeftButton);
        QCOMPARE(wanted[0][0].value<Step>(), Step::Treatment);
    }

    void namesFromFilesAreShownAsTheyAre()
    {
        Findings made = own::findings(own::smallDemo());
        made.data->path = QStringLiteral("/data/<img src=x>&amp;");
        made.data->classes[4] = QStringLiteral("<h1>four</h1>");
        made.treatments[0].effect.notes = {QStringLiteral("<b>bold\u202E</b>")};
        const QString text = textOf(contentOf(made));
        QVERIFY(text.contains("/data/<img src=x>&amp;"));
        QVERIFY(text.contains("<h1>four</h1> taken for 9"));
        QVERIFY(text.contains(QStringLiteral("<b>bold\uFFFD</b>")));
    }

    void theDemoSetIsCalledSo()
    {
        Findings made = own::findings(own::smallDemo());
        made.data->path = made.data->format = QStringLiteral("demo");
        QVERIFY(textOf(contentOf(made)).contains("the demo set, drawn by Culprit"));
    }

    void onlyTheFirstCulpritsArePictured()
    {
        Findings made = own::findings(own::smallDemo());
        QCOMPARE(picturedRows(made).size(), 24);
        made.cut = firstOfRanking(*made.identification, 5);
        QCOMPARE(picturedRows(made), made.identification->ranking.mid(0, 5));
        made.cut.selected[made.identification->ranking[1]] = 0; // acquitted: ranked, not accused
        made.cut.count = 4;
        QCOMPARE(picturedRows(made).at(1), made.identification->ranking.at(2));
        QCOMPARE(picturedRows({}), {});
    }

    void manyClassesAreCutToThoseThatChanged()
    {
        Findings made = own::findings(own::smallDemo());
        auto& classes = made.treatments[0].effect.outcome.perClass;
        classes.assign(1000, {50, 1.0, 1.0});
        classes[777].after = 0.5;
        QString text = textOf(contentOf(made));
        QVERIFY(text.contains("The 40 of 1,000 classes that changed most."));
        QVERIFY(text.contains("777"));
    }

    void headersOfTablesRepeat()
    {
        QTextDocument document;
        writeReport(document, contentOf(own::findings(own::smallDemo())));
        int withHeader = 0;
        for (QTextFrame* frame : document.rootFrame()->childFrames())
            if (const auto* table = qobject_cast<QTextTable*>(frame))
                withHeader += table->format().headerRowCount();
        QCOMPARE(withHeader, 3); // culprits, before and after, classes
    }

    void aReportIsQuicklyMade()
    {
        ReportContent content = contentOf(own::twoTreatments());
        content.review = reviewOf(content.findings);
        QTextDocument document;
        QElapsedTimer timer;
        timer.start();
        writeReport(document, content);
        const qint64 written = timer.restart();
        document.setTextWidth(700);
        document.size();
        const qint64 laidOut = timer.restart();
        const QByteArray pdf = reportPdf(content);
        qInfo("written in %lld ms, laid out in %lld ms, PDF of %lld bytes in %lld ms",
              static_cast<long long>(written), static_cast<long long>(laidOut),
              static_cast<long long>(pdf.size()), static_cast<long long>(timer.elapsed()));
        QVERIFY(pdf.startsWith("%PDF-"));
        write(QStringLiteral(CULPRIT_GALLERY "/report.pdf"), pdf);
    }

    void nothingIsWiderThanThePaper()
    {
        ReportContent content = contentOf(own::twoTreatments());
        content.modelHash = QString(64, 'e');
        content.findings.model->path = QString(120, 'm') + "/model.pt";
        content.findings.data->path = QString(120, 'd');
        content.findings.data->classes[4] = QString(60, 'c');
        content.trainFiles = QStringList(600, QStringLiteral("train/cardiomegaly/") + QString(80, 'f'));
        content.command = reproduceLine(content.findings, nullptr, {});
        QTextDocument document;
        writeReport(document, content);
        document.setDocumentMargin(0.0);
        for (int width = 640; width < 680; ++width) {
            document.setTextWidth(width);
            QCOMPARE(document.size().width(), static_cast<double>(width));
        }
    }

    void thePdfHasEverySection()
    {
        const QString reader = QStandardPaths::findExecutable("pdftotext");
        if (reader.isEmpty())
            QSKIP("needs pdftotext");
        const QString path = m_folder.filePath("sections.pdf");
        write(path, reportPdf(contentOf(own::twoTreatments())));
        QProcess program;
        program.start(reader, {"-layout", path, "-"});
        QVERIFY(program.waitForFinished());
        const QString text = plain(QString::fromUtf8(program.readAllStandardOutput()));
        for (const char* title : {"Why this model fails", "What was asked", "How the culprits were found",
                                  "The culprits", "Before and after", "All treatments", "Class by class",
                                  "What this does not show", "A culprit is a suspect", "How to make it again",
                                  "culprit-cli run", "Notes of the run", "Page 1 of"})
            QVERIFY2(text.contains(title), title);
        // The header of the culprits stands on each page that has some.
        QCOMPARE(text.count("Training image"), 2);
    }

    void aPdfIsSavedWhereAsked()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        const QString path = m_folder.filePath("my report.pdf");
        saveTo(stage, "report.pdf", path);
        QTRY_VERIFY(statusOf(stage, "report.pdf")->text().startsWith("Saved to "));
        QVERIFY(bytesOf(path).startsWith("%PDF-"));
        m_opened.clear();
        Q_EMIT statusOf(stage, "report.pdf")->linkActivated("folder");
        QCOMPARE(m_opened, QList<QUrl>{QUrl::fromLocalFile(m_folder.path())});
    }

    void filesOfTheEngineAreSavedByteForByte_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"report.html", "causes.csv", "corrected_labels.csv", "failures.csv",
                                 "result.json", "repaired.pt"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void filesOfTheEngineAreSavedByteForByte()
    {
        QFETCH(QString, name);
        Stage stage(fakeEngine());
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        QTRY_COMPARE(stage.engine.state(), EngineClient::State::Ready);
        const QString path = m_folder.filePath(name);
        saveTo(stage, name, path);
        QTRY_VERIFY2(statusOf(stage, name)->text().startsWith("Saved to "),
                     qPrintable(statusOf(stage, name)->text()));
        QCOMPARE(bytesOf(path), QByteArray("abcdefghij"));
        if (name == "repaired.pt")
            QCOMPARE(bytesOf(path + ".json"), QByteArray("abcdefghij"));
    }

    void aFailureIsToldInPlace()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        saveTo(stage, "causes.csv", m_folder.filePath("never.csv"));
        QTRY_VERIFY(statusOf(stage, "causes.csv")->text().contains("Not saved: the engine"));
        QVERIFY(!QFile::exists(m_folder.filePath("never.csv")));
        QVERIFY2(stage.part("report.save.causes.csv")->isEnabled(), "it can be tried again");
    }

    void theFileBesideIsNotReplacedUnasked()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("fixed.pt");
        write(path + ".json", "precious");
        Stage stage(fakeEngine());
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        QTRY_COMPARE(stage.engine.state(), EngineClient::State::Ready);
        saveTo(stage, "repaired.pt", path);
        QMessageBox* question = nullptr;
        QTRY_VERIFY((question = stage.findChild<QMessageBox*>("report.question")));
        QVERIFY(question->text().contains("fixed.pt.json"));
        QTest::keyClick(question, Qt::Key_Escape);
        QTRY_VERIFY(!stage.findChild<QMessageBox*>("report.question"));
        QCOMPARE(bytesOf(path + ".json"), QByteArray("precious"));
        QVERIFY(!QFile::exists(path));
        saveTo(stage, "repaired.pt", path);
        QPushButton* replace = nullptr;
        QTRY_VERIFY((replace = stage.part<QPushButton>("report.replace")));
        QTest::mouseClick(replace, Qt::LeftButton);
        QTRY_VERIFY(statusOf(stage, "repaired.pt")->text().startsWith("Saved to "));
        QCOMPARE(bytesOf(path + ".json"), QByteArray("abcdefghij"));
    }

    void everythingGoesIntoOneFolder()
    {
        QTemporaryDir folder;
        Stage stage(fakeEngine());
        stage.show();
        stage.investigation.adopt(chosenFailures());
        QTRY_COMPARE(stage.engine.state(), EngineClient::State::Ready);
        saveTo(stage, "all", folder.path());
        QTRY_VERIFY(statusOf(stage, "all")->text().startsWith("Saved to "));
        QStringList there = QDir(folder.path()).entryList(QDir::Files);
        QStringList wanted = filesToBeHad(stage.investigation, {});
        there.sort();
        wanted.sort();
        QCOMPARE(there, wanted);
        QCOMPARE(wanted.size(), 9);
        QVERIFY(bytesOf(folder.filePath("chosen_failures.csv")).startsWith("index\n"));
    }

    void decisionsAreToldOf()
    {
        ReportContent content = contentOf(own::findings(own::smallDemo()));
        QVERIFY(!textOf(content).contains("What was decided"));
        content.review = reviewOf(content.findings);
        const QString text = textOf(content);
        for (const char* part : {"What was decided", "Ada <b>Reader</b>",
                                 "4: 1 kept, 1 relabelled, 1 excluded, 1 flagged as ambiguous",
                                 "Bo decided 3 of these images too and agreed on 2", "Cohen’s kappa 0.50",
                                 "9 lines, the last with hash", "=1+1 <b> a,b\"c", "now =1+1", "excluded"})
            QVERIFY2(text.contains(QString::fromUtf8(part)), part);
        QVERIFY(!text.contains(QChar(0x202E)));
        content.command = reproduceLine(content.findings, nullptr, decisionsFile);
        QVERIFY(textOf(content).contains("--decisions decisions.csv --treatments"));
    }

    void casesAreShownBesideImages()
    {
        Findings made = own::findings(own::smallDemo());
        QVERIFY(!textOf(contentOf(made)).contains("Case by case"));
        const evaluation::CaseAccuracies before{40, {0.0, 0.0, 1.0, 0.881}, {0.0, 0.0, 1.0, 0.325}};
        const evaluation::CaseAccuracies after{40, {0.8, 0.627, 0.988, 0.949}, {0.75, 0.6, 0.9, 0.55}};
        for (TreatmentReply& treatment : made.treatments)
            treatment.effect.cases = evaluation::CaseOutcome{before, after};
        const QString text = textOf(contentOf(made));
        QVERIFY(text.contains("The test set has 40 cases"));
        QVERIFY(text.contains("88.1 % → 94.9 %") && text.contains("32.5 % → 55.0 %"));
    }

    void policiesAreHonoured()
    {
        ReportContent content = contentOf(own::findings(own::smallDemo()));
        content.trainFiles = QStringList(content.findings.data->train.images, "Miller/17.png");
        content.banners = QStringList{"For research <use> only."};
        content.hidesPaths = true;
        const QString text = textOf(content);
        QVERIFY(text.indexOf("For research <use> only.") < text.indexOf("Why this model fails"));
        for (const char* secret : {"/models", "digits.pt", "/data", "Miller"})
            QVERIFY2(!text.contains(secret), secret);
        QVERIFY(text.contains("culprit-cli run --model … --data …"));
    }

    void decisionsAreSavedForTheCommandLine()
    {
        QTemporaryDir folder;
        Stage stage(fakeEngine());
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        auto* row = stage.findChild<SaveRow*>("report.row.decisions.csv");
        QVERIFY(row->isHidden());
        const std::vector<data::ImageId> ids{{data::Part::Train, 4}};
        stage.review.decide(ids, review::Verdict::Relabel, 3);
        stage.review.setNote(ids, "=1+1");
        QTRY_VERIFY(!row->isHidden());
        QTRY_VERIFY(previewOf(stage).contains("--decisions decisions.csv"));
        saveTo(stage, "decisions.csv", folder.filePath("decisions.csv"));
        QTRY_VERIFY(statusOf(stage, "decisions.csv")->text().startsWith("Saved to "));
        QCOMPARE(bytesOf(folder.filePath("decisions.csv")),
                 QByteArray("index,decision,label,note\n4,relabel,3,=1+1\n"));
        QVERIFY(filesToBeHad(stage.investigation, stage.review.reading()).contains(decisionsFile));
    }

    void theTreatmentThatIsShownIsSaved()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::twoTreatments());
        const Findings& made = stage.investigation.findings();
        const QString recommended = recommendedOf(made)->effect.method;
        QCOMPARE(stage.investigation.shownTreatment(), recommended);
        const auto other = std::find_if(made.treatments.cbegin(), made.treatments.cend(),
                                        [&](const auto& each) { return each.effect.method != recommended; });
        QVERIFY(other != made.treatments.cend());
        stage.investigation.setShownTreatment(other->effect.method);
        QCOMPARE(stage.investigation.shownTreatment(), other->effect.method);
        auto* row = stage.findChild<SaveRow*>("report.row.repaired.pt");
        const auto says = [row](const QString& text) {
            const auto labels = row->findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(),
                               [&](const QLabel* label) { return label->text().contains(text); });
        };
        QVERIFY(says(treatmentName(other->effect.method) + ", as shown"));
        stage.investigation.setShownTreatment("gone");
        QCOMPARE(stage.investigation.shownTreatment(), recommended);
    }

    void aTrainedModelCanBeSaved()
    {
        QTemporaryDir folder;
        Stage stage(fakeEngine());
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        QVERIFY(stage.findChild<SaveRow*>("report.row.model.pt")->isHidden());
        Findings trained = own::findings(own::smallDemo());
        trained.model->path.clear();
        stage.investigation.adopt(trained);
        QTRY_VERIFY(!stage.findChild<SaveRow*>("report.row.model.pt")->isHidden());
        QTRY_COMPARE(stage.engine.state(), EngineClient::State::Ready);
        const QString path = folder.filePath("mine.pt");
        saveTo(stage, "model.pt", path);
        QTRY_VERIFY(statusOf(stage, "model.pt")->text().startsWith("Saved to "));
        for (const char* suffix : {"", ".json", ".margins.npy"})
            QCOMPARE(bytesOf(path + suffix), QByteArray("abcdefghij"));
        QCOMPARE(stage.investigation.modelPath(), path);
        QTRY_VERIFY(previewOf(stage).contains("--model " + path));
    }

    void theLineMakesItAgain_data()
    {
        QTest::addColumn<Findings>("findings");
        QTest::addColumn<bool>("known");
        QTest::addColumn<QString>("line");
        const Findings usual = own::findings(own::smallDemo());
        QTest::newRow("nothing") << Findings() << false << "";
        QTest::newRow("usual")
            << usual << false
            << "culprit-cli run --model /models/digits.pt --data /data/digits --preprocess none "
               "--method culprit --cut calibrated --treatments relabel-rehearse";
        QTest::newRow("no repair") << own::upToCauses() << false
                                   << "culprit-cli identify --model /models/digits.pt --data /data/digits "
                                      "--preprocess none --method culprit --cut calibrated";
        QTest::newRow("chosen")
            << chosenFailures() << false
            << "culprit-cli run --model /models/digits.pt --data /data/digits --preprocess none "
               "--failures chosen_failures.csv --query-fraction 0.25 --method culprit --cut "
               "top:12 --treatments relabel-rehearse";
        Findings awkward = own::upToFailures();
        awkward.model->path = QStringLiteral("/my models/it's.pt");
        awkward.model->preprocessing = QStringLiteral("custom");
        QTest::newRow("awkward names")
            << awkward << true
            << "culprit-cli evaluate --model '/my models/it'\\''s.pt' --data /data/digits "
               "--train-size 500 --train-labels 'l;s.csv' --device cpu --threads 2 "
               "--seed 18446744073709551615";
        Findings demo = usual;
        demo.data->format = QStringLiteral("demo");
        demo.model->path.clear();
        QTest::newRow("demo")
            << demo << false
            << "culprit-cli demo --out culprit-demo && culprit-cli run --model "
               "culprit-demo/model.pt --data culprit-demo/data --preprocess none --method culprit "
               "--cut calibrated --treatments relabel-rehearse";
    }

    void theLineMakesItAgain()
    {
        QFETCH(Findings, findings);
        QFETCH(bool, known);
        QFETCH(QString, line);
        report::Result result;
        result.tool = {"0.1.0", "1.13.1", "cpu", 2, 18446744073709551615ULL};
        result.data = report::DataSection{};
        result.data->trainSize = 500;
        result.data->trainLabels = "l;s.csv";
        QCOMPARE(reproduceLine(findings, known ? &result : nullptr, {}), line);
    }

    void chosenFailuresAreNamedByIndex()
    {
        Findings made = chosenFailures();
        QByteArray text("index\n");
        for (const qint64 row : *made.failureSet.rows)
            text += QByteArray::number(made.data->test.indices.at(row)) + "\n";
        QCOMPARE(chosenFailuresCsv(made), text);
        made.failureSet.rows.reset();
        QCOMPARE(chosenFailuresCsv(made), QByteArray());
    }

    void gallery_data() { ::samples::addExhibits(exhibits()); }

    void gallery()
    {
        QVERIFY(::samples::renderCurrent(exhibits(), *m_theme));
        m_theme->setScheme(Theme::Scheme::Light);
    }

private:
    std::unique_ptr<Theme> m_theme;
    EnglishPlurals m_plurals;
    QTemporaryDir m_folder;
    QList<QUrl> m_opened;
};

QTEST_MAIN(TestReportPage)
#include "tst_report_page.moc"
