// SPDX-License-Identifier: GPL-3.0-or-later
// Projects as a person meets them: the menu, the line about the project, its dialogs, blind reading, a second
// reader, exports, hidden names, a policy. No engine is needed for any of it.
#include "fatal_warnings.h"
#include "page_pictures.h"
#include "page_stage.h"

#include "client/policy.h"
#include "dialogs/audit_dialog.h"
#include "dialogs/export_dialog.h"
#include "dialogs/relink_dialog.h"
#include "pages/causes_page.h"
#include "pages/project_bar.h"
#include "widgets/confusion_matrix_view.h"
#include "widgets/notice_bar.h"
#include "window/main_window.h"
#include "window/project_desk.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>

using namespace culprit;
using namespace culprit::ui;
using review::Verdict;

namespace {

const QStringList noPolicy{QStringLiteral("/nowhere/policy.json")};

/// A window without an engine, with the sample's findings.
class Person {
public:
    explicit Person(const QStringList& policies = noPolicy)
        : window(&theme, {.engineCommand = {"/nowhere/culprit-cli"}, .demoModel = {}, .policies = policies})
    {
        window.resize(1280, 820);
        window.show();
    }

    template <typename T = QWidget>
    T* find(const QString& name)
    {
        return window.findChild<T*>(name);
    }

    bool trigger(const QString& name)
    {
        auto* action = find<QAction>(name);
        if (!action || !action->isEnabled())
            return false;
        action->trigger();
        return true;
    }

    /// What the file dialog that is open would answer.
    bool choose(const QString& path)
    {
        auto* dialog = find<QFileDialog>("project.dialog");
        if (!dialog)
            return false;
        Q_EMIT dialog->fileSelected(path);
        dialog->close();
        return true;
    }

    bool makeProject(const QString& path)
    {
        window.investigation().adopt(ui::samples::twoTreatments());
        window.showStep(Step::Causes);
        return trigger("project.new") && choose(path) && QTest::qWaitFor([this] {
                   return window.projects().binding().isOpen() && !window.projects().binding().isSaving();
               });
    }

    bool openProject(const QString& path)
    {
        window.openProject(path);
        return QTest::qWaitFor([this] { return window.projects().binding().isOpen(); });
    }

    void answerWhoReviews(const QString& name)
    {
        find<QLineEdit>("project.reviewer")->setText(name);
        QTest::mouseClick(find("project.confirm"), Qt::LeftButton);
    }

    void decide(qint64 index, Verdict verdict, std::int32_t label = noClass)
    {
        const data::ImageId id{data::Part::Train, index};
        window.review().decide({&id, 1}, verdict, label);
    }

    bool isSaved()
    {
        return QTest::qWaitFor([this] { return window.review().saving() == Saving::Saved; });
    }

    QString noticeText()
    {
        QStringList texts;
        for (const QLabel* label : window.findChild<NoticeBar*>()->findChildren<QLabel*>())
            texts << label->text();
        return texts.join(' ');
    }

    Theme theme;
    MainWindow window;
};

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A project of two readers, for pictures.
struct Reviewed {
    EngineClient engine;
    Investigation investigation{&engine};
    Review review{&investigation};
    ui::samples::DemoSource live{ui::samples::smallDemo()};
    StoredPictures pictures{&live};
    QTemporaryDir folder;
    ProjectBinding binding{&investigation, &review, &pictures};

    Reviewed()
    {
        investigation.adopt(ui::samples::twoTreatments());
        review.setReviewer("Ada Lovelace");
        binding.create({.path = folder.filePath("digits-march.culprit"), .reviewer = "Ada Lovelace"});
        (void)QTest::qWaitFor([this] { return binding.isOpen() && !binding.isSaving(); });
        decideAs("Ada Lovelace", 0);
        decideAs("Grace Hopper", 3);
        review.setReviewer("Ada Lovelace");
        (void)QTest::qWaitFor([this] { return review.saving() == Saving::Saved; });
    }

    void decideAs(const QString& reader, int shift)
    {
        review.setReviewer(reader);
        for (int i = 0; i < 40; ++i) {
            const data::ImageId id{data::Part::Train, i * 7};
            const bool differs = shift > 0 && i % 9 == 0;
            review.decide({&id, 1},
                          i % 3 == 0 ? (differs ? Verdict::Flag : Verdict::Keep) : Verdict::Exclude);
            if (i % 11 == 5)
                review.setNote({&id, 1}, "Two digits in one picture");
        }
    }

    DecisionsToExport decisions() const
    {
        return {
            .findings = {.findings = investigation.findings(), .trainFiles = {}, .testFiles = {}, .tool = {}},
            .data = investigation.dataRequest(),
            .journal = review.journal(),
            .reviewer = "Ada Lovelace"};
    }
};

/// One for all pictures; gone with the test.
std::unique_ptr<Reviewed> reviewed;

/// A dialog or a bar as a page.
std::unique_ptr<QWidget> shown(const std::function<QWidget*(Reviewed&)>& make)
{
    if (!reviewed)
        reviewed = std::make_unique<Reviewed>();
    std::unique_ptr<QWidget> widget(make(*reviewed));
    widget->setWindowFlags(Qt::Widget);
    return widget;
}

QList<::samples::PageExhibit> exhibits()
{
    return {{"project-bar",
             {1280, 48},
             [] { return shown([](Reviewed& of) { return new ProjectBar(&of.binding, &of.review); }); }},
            {"project-export",
             {640, 620},
             [] {
                 return shown([](Reviewed& of) {
                     auto* dialog = new ExportDialog(of.decisions(), {});
                     dialog->setFolder("/home/ada/digits/decisions");
                     return dialog;
                 });
             }},
            {"project-audit",
             {900, 560},
             [] {
                 return shown([](Reviewed& of) {
                     return new AuditDialog(&of.review, &of.binding,
                                            of.investigation.findings().data->classes);
                 });
             }},
            {"project-relink", {660, 340}, [] {
                 return shown([](Reviewed& of) {
                     return new RelinkDialog(of.binding.setup(),
                                             "/models/digits.pt: there is no such file; check the path");
                 });
             }}};
}

} // namespace

class TestProjectWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("culprit-test");
        QCoreApplication::setApplicationName("project-window");
    }
    void init()
    {
        QSettings().clear();
        failOnAnyWarning();
    }

    void makesAProjectFromTheMenu();
    void asksTheReviewerOnce();
    void opensWhereReviewGoesOn();
    void opensAtTheStepWhereItWasLeft();
    void opensADroppedProject();
    void namesTheReasonOfADamagedFile();
    void offersToFindWhatHasMoved();
    void showsAChangedProjectReadOnly();
    void findsFiltersAndOrderAgain();
    void hidesTheModelsAnswersUntilDecided();
    void comparesTwoReaders();
    void showsAndChecksTheTrail();
    void exportsWhatIsTicked();
    void neverOverwritesAnExport();
    void leavesTheDataAlone();
    void hidesNames();
    void showsThePolicysBanner();
    void takesNamesOutOfSentences_data();
    void takesNamesOutOfSentences();
    void readsPolicies();
    void waitsForTheLastDecisionWhenClosed();
    void staysOpenWhereTheLastDecisionCannotBeKept();
    void cleanupTestCase() { reviewed.reset(); }
    void gallery_data() { ::samples::addExhibits(exhibits()); }
    void gallery();
    void windowPictures();
};

void TestProjectWindow::makesAProjectFromTheMenu()
{
    const QTemporaryDir folder;
    Person person;
    QVERIFY(!person.find<QAction>("project.new")->isEnabled()); // nothing is open
    QVERIFY(!person.find("project")->isVisible());
    QVERIFY(person.makeProject(folder.filePath("case.culprit")));
    QVERIFY(person.find("project")->isVisible());
    QCOMPARE(person.find<QLabel>("project.name")->text(), "case.culprit");
    QCOMPARE(person.find<QLabel>("project.saving")->text(), "all saved");
    QVERIFY(person.window.windowTitle().startsWith("case"));
    person.decide(4, Verdict::Exclude);
    QCOMPARE(person.find<QLabel>("project.saving")->text(), "saving…");
    QVERIFY(person.isSaved());
    QTRY_COMPARE(person.find<QLabel>("project.saving")->text(), "all saved");
    QVERIFY(person.trigger("project.close"));
    QVERIFY(!person.find("project")->isVisible());
}

void TestProjectWindow::asksTheReviewerOnce()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    {
        Person person;
        QVERIFY(person.makeProject(path));
        QVERIFY(person.find<QLineEdit>("project.reviewer")->isVisible());
        person.answerWhoReviews("  Ada ");
        QVERIFY(!person.find<QLineEdit>("project.reviewer")->isVisible());
        QCOMPARE(person.window.review().reviewer(), "Ada");
    }
    Person person;
    QVERIFY(person.openProject(path));
    QVERIFY(!person.find<QLineEdit>("project.reviewer")->isVisible());
    QCOMPARE(person.window.review().reviewer(), "Ada");
    QCOMPARE(person.find<QComboBox>("project.reader")->currentText(), "Ada, whose decisions count");
}

void TestProjectWindow::opensWhereReviewGoesOn()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    {
        Person person;
        QVERIFY(person.makeProject(path));
        person.answerWhoReviews("Ada");
        person.decide(4, Verdict::Exclude);
        QVERIFY(person.isSaved());
    }
    Person person;
    QVERIFY(person.openProject(path));
    QVERIFY(person.window.page(Step::Causes)->isVisible());
    QVERIFY(person.window.review().reading().isDecided({data::Part::Train, 4}));
    QVERIFY(person.window.review().canUndo());
    QCOMPARE(QSettings().value("recent/1/project").toString(), path);
}

void TestProjectWindow::opensAtTheStepWhereItWasLeft()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    {
        Person person;
        QVERIFY(person.makeProject(path));
        person.window.showStep(Step::Failures);
    }
    {
        Person person;
        QVERIFY(person.openProject(path));
        QVERIFY(person.window.page(Step::Failures)->isVisible());
    }
    {
        auto project = project::Project::open(path.toStdString());
        QVERIFY(project &&
                project->storeLayout("window", R"({"step": 99, "columns": [1], "inspector": "?"})"));
    }
    Person person;
    QVERIFY(person.openProject(path));
    QVERIFY(person.window.page(Step::Report)->isVisible()); // as far as there is a step
}

void TestProjectWindow::opensADroppedProject()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    {
        Person person;
        QVERIFY(person.makeProject(path));
    }
    Person person;
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter({40, 40}, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&person.window, &enter);
    QDropEvent drop(QPointF(40, 40), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&person.window, &drop);
    QTRY_VERIFY(person.window.projects().binding().isOpen());
}

void TestProjectWindow::namesTheReasonOfADamagedFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("nothing of the kind");
    file.close();
    Person person;
    person.window.openProject(path);
    QTRY_VERIFY2(person.noticeText().contains("is not a Culprit project"), qPrintable(person.noticeText()));
    QVERIFY(!person.window.projects().binding().isOpen());
}

void TestProjectWindow::offersToFindWhatHasMoved()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    {
        Person person;
        QVERIFY(person.makeProject(path));
    }
    Person person;
    QVERIFY(person.openProject(path));
    QVERIFY(person.window.projects().explains(Activity::OpeningModel,
                                              {Error::Kind::NotFound, "/models/digits.pt: not there", {}}));
    QVERIFY(person.noticeText().contains("can be reviewed"));
    QVERIFY(!person.window.projects().explains(Activity::Repairing, {}));
    QVERIFY(person.trigger("project.find"));
    auto* dialog = person.window.findChild<RelinkDialog*>();
    QVERIFY(dialog);
    QCOMPARE(dialog->findChild<QLineEdit*>("relink.model")->text(), "/models/digits.pt");
    QSignalSpy chosen(dialog, &RelinkDialog::chosen);
    dialog->findChild<QLineEdit*>("relink.model")->setText("/elsewhere/digits.pt");
    QTest::mouseClick(dialog->findChild<QPushButton*>("relink.open"), Qt::LeftButton);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.at(0).at(0).value<MovedFiles>().model, "/elsewhere/digits.pt");
}

void TestProjectWindow::showsAChangedProjectReadOnly()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    {
        Person person;
        QVERIFY(person.makeProject(path));
        person.answerWhoReviews("Ada");
        person.decide(4, Verdict::Keep);
        person.window.close();
        QTRY_VERIFY(!person.window.isVisible());
    }
    const QByteArray before = contentOf(path);
    {
        Person person;
        QVERIFY(person.openProject(path));
        QVERIFY(person.window.projects().explains(
            Activity::OpeningModel, {Error::Kind::NotFound, "/models/digits.pt: not there", {}}));
        QVERIFY(person.trigger("project.find"));
        QVERIFY(!person.window.findChild<QPushButton*>("relink.readOnly"));
        person.window.findChild<RelinkDialog*>()->reject();
        QTRY_VERIFY(!person.window.findChild<RelinkDialog*>());
        QVERIFY(person.window.projects().explains(
            Activity::OpeningModel, {Error::Kind::BadInput, "/models/digits.pt: this is another model", {}}));
        QVERIFY(person.trigger("project.find"));
        auto* anyway = person.window.findChild<QPushButton*>("relink.readOnly");
        QVERIFY(anyway);
        QTest::mouseClick(anyway, Qt::LeftButton);
        QVERIFY(person.window.projects().binding().readOnlyReason().contains("read-only"));
        QVERIFY(person.noticeText().contains("not those that it was made with"));
        person.decide(5, Verdict::Exclude);
        person.window.investigation().moveCut(7);
        person.window.showStep(Step::Treatment);
        auto* repair = person.window.findChild<QPushButton*>("treatment.repair");
        QVERIFY(repair && !repair->isEnabled());
        QVERIFY(repair->toolTip().contains("nothing can be computed"));
        QSignalSpy refused(&person.window.investigation(), &Investigation::failed);
        person.window.investigation().findCauses({});
        QCOMPARE(refused.size(), 1);
        QVERIFY(person.window.investigation().findings().identification.has_value());
        QCOMPARE(person.window.review().journal().head().count, 1);
        person.window.close();
        QTRY_VERIFY(!person.window.isVisible());
    }
    QCOMPARE(contentOf(path), before);
}

void TestProjectWindow::findsFiltersAndOrderAgain()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    const ImageFilter undecided{.text = "4", .decisions = {ui::Decision::Undecided}};
    const ImageFilter cells{.cells = {{4, 9}, {8, 3}}};
    {
        Person person;
        QVERIFY(person.makeProject(path));
        person.window.page(Step::Failures)
            ->restoreLayout(
                QJsonObject{{"cells", QJsonArray{QJsonArray{4, 9}, QJsonArray{8, 3}}}, {"column", 5}});
        auto* causes = person.window.page(Step::Causes)->images();
        causes->setFilter(undecided);
        causes->setSort({ImageColumn::Suspicion, Qt::DescendingOrder});
        person.window.close();
        QTRY_VERIFY(!person.window.isVisible());
    }
    Person person;
    QVERIFY(person.openProject(path));
    const auto* causes = person.window.page(Step::Causes)->images();
    QVERIFY(causes->filter() == undecided);
    QVERIFY((causes->sort() == ImageSort{ImageColumn::Suspicion, Qt::DescendingOrder}));
    const auto* failures = person.window.page(Step::Failures)->images();
    QVERIFY(failures->filter() == cells);
    QVERIFY((failures->sort() == ImageSort{ImageColumn::Confidence, Qt::AscendingOrder}));
    auto* matrix = person.find<ConfusionMatrixView>("failures.matrix");
    QVERIFY(matrix);
    QCOMPARE(matrix->selection().size(), std::size_t{2});
}

void TestProjectWindow::hidesTheModelsAnswersUntilDecided()
{
    const QTemporaryDir folder;
    Person person;
    QVERIFY(person.makeProject(folder.filePath("case.culprit")));
    auto* blind = person.find<QCheckBox>("project.blind");
    QTest::mouseClick(blind, Qt::LeftButton, {}, {8, blind->height() / 2});
    QVERIFY(person.window.projects().binding().isBlind());
    const auto& items = [&]() -> const ImageItems& { return person.window.investigation().trainItems(); };
    QCOMPARE(items().predicted.at(4), noClass);
    QCOMPARE(items().suggested.at(4), noClass);
    QVERIFY(std::isnan(items().culprit.at(4)));
    QCOMPARE(person.window.review().suggestionFor({data::Part::Train, 4}), noClass);
    person.decide(4, Verdict::Keep);
    QVERIFY(items().predicted.at(4) != noClass);
    QVERIFY(!std::isnan(items().culprit.at(4)));
    QCOMPARE(items().predicted.at(5), noClass);
    person.window.review().undo();
    QCOMPARE(items().predicted.at(4), noClass);
    QTest::mouseClick(blind, Qt::LeftButton, {}, {8, blind->height() / 2});
    QVERIFY(items().predicted.at(5) != noClass);
}

void TestProjectWindow::comparesTwoReaders()
{
    const QTemporaryDir folder;
    Person person;
    QVERIFY(person.makeProject(folder.filePath("case.culprit")));
    person.answerWhoReviews("Ada");
    for (int i = 0; i < 10; ++i)
        person.decide(i, i < 5 ? Verdict::Keep : Verdict::Exclude);
    auto* readers = person.find<QComboBox>("project.reader");
    readers->setCurrentIndex(readers->count() - 1);
    Q_EMIT readers->activated(readers->count() - 1);
    person.answerWhoReviews("Grace");
    QCOMPARE(person.window.review().reviewer(), "Grace");
    QVERIFY(!person.window.review().reading().isDecided({data::Part::Train, 0})); // her own eyes
    for (int i = 0; i < 10; ++i)
        person.decide(i, i < 4 ? Verdict::Keep : Verdict::Exclude);
    QVERIFY(person.isSaved());
    QTRY_COMPARE(person.find<QLabel>("project.agreement")->text(),
                 QString("Ada and Grace agree on 9 of 10 images, κ %1").arg(QLocale().toString(0.8, 'f', 2)));
    QCOMPARE(person.window.projects().binding().reviewer(), "Ada"); // whose decisions count
}

void TestProjectWindow::showsAndChecksTheTrail()
{
    const QTemporaryDir folder;
    Person person;
    QVERIFY(person.makeProject(folder.filePath("case.culprit")));
    person.answerWhoReviews("Ada");
    person.decide(4, Verdict::Exclude);
    person.decide(5, Verdict::Relabel, 3);
    person.window.review().undo();
    QVERIFY(person.isSaved());
    QVERIFY(person.trigger("project.audit"));
    auto* table = person.find<QTableView>("audit.table");
    const QAbstractItemModelTester tester(table->model());
    QCOMPARE(table->model()->rowCount(), 3);
    const auto cell = [&](int row, int column) {
        return table->model()->index(row, column).data().toString();
    };
    QCOMPARE(cell(0, AuditModel::After), "undecided (undone)");
    QCOMPARE(cell(1, AuditModel::After), "relabelled to 3");
    QCOMPARE(cell(2, AuditModel::Reader), "Ada");
    QTest::mouseClick(person.find("audit.check"), Qt::LeftButton);
    const std::string hash = person.window.review().journal().head().hash;
    QTRY_VERIFY(person.find<QLabel>("audit.outcome")->text().contains(QString::fromStdString(hash)));
    Findings renamed = ui::samples::twoTreatments();
    renamed.data->classes[3] = "three";
    person.window.investigation().adopt(renamed);
    QCOMPARE(cell(1, AuditModel::After), "relabelled to three");
    QVERIFY(person.trigger("project.close"));
    QVERIFY(!person.find("audit.check")->isEnabled()); // there is no file to check
}

void TestProjectWindow::exportsWhatIsTicked()
{
    const QTemporaryDir folder;
    Person person;
    QVERIFY(person.makeProject(folder.filePath("case.culprit")));
    person.answerWhoReviews("Ada");
    person.decide(4, Verdict::Exclude);
    const data::ImageId id{data::Part::Train, 5};
    person.window.review().decide({&id, 1}, Verdict::Relabel, 3);
    person.window.review().setNote({&id, 1}, "=1+1");
    QVERIFY(person.trigger("project.export"));
    auto* dialog = person.window.findChild<ExportDialog*>();
    QVERIFY(dialog->findChild<QCheckBox*>("export.labels")->isChecked());
    dialog->findChild<QCheckBox*>("export.decisions")->setChecked(true);
    dialog->setFolder(folder.filePath("out"));
    QTest::mouseClick(dialog->findChild<QPushButton*>("export.write"), Qt::LeftButton);
    auto* outcome = dialog->findChild<QLabel*>("export.outcome");
    QTRY_VERIFY2(outcome->text().startsWith("Written"), qPrintable(outcome->text()));
    QCOMPARE(
        QDir(folder.filePath("out")).entryList(QDir::Files),
        (QStringList{"corrected_labels.csv", "decisions.csv", "decisions.spreadsheet.csv", "excluded.csv"}));
    const QByteArray labels = contentOf(folder.filePath("out/corrected_labels.csv"));
    QVERIFY(labels.contains("\n5,,3,0\n"));
    QVERIFY(QRegularExpression("\n4,,[^,]*,1\n").match(QString::fromUtf8(labels)).hasMatch());
    QVERIFY(contentOf(folder.filePath("out/decisions.csv")).contains("5,relabel,3,=1+1"));
    QVERIFY(contentOf(folder.filePath("out/decisions.spreadsheet.csv")).contains("5,relabel,3,'=1+1"));
}

void TestProjectWindow::neverOverwritesAnExport()
{
    const QTemporaryDir folder;
    Person person;
    person.window.investigation().adopt(ui::samples::twoTreatments());
    person.decide(4, Verdict::Exclude); // no project is needed
    QFile there(folder.filePath("corrected_labels.csv"));
    QVERIFY(there.open(QIODevice::WriteOnly));
    there.write("mine");
    there.close();
    QVERIFY(person.trigger("project.export"));
    auto* dialog = person.window.findChild<ExportDialog*>();
    dialog->setFolder(folder.path());
    QTest::mouseClick(dialog->findChild<QPushButton*>("export.write"), Qt::LeftButton);
    auto* outcome = dialog->findChild<QLabel*>("export.outcome");
    QTRY_VERIFY2(outcome->text().contains("not overwritten"), qPrintable(outcome->text()));
    QCOMPARE(contentOf(there.fileName()), "mine");
    QVERIFY(!QFileInfo::exists(folder.filePath("excluded.csv")));
}

void TestProjectWindow::leavesTheDataAlone()
{
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir("data"));
    const QString file = folder.filePath("data/train-labels-idx1-ubyte");
    QFile label(file);
    QVERIFY(label.open(QIODevice::WriteOnly));
    label.write("whatever it is");
    label.close();
    const QDateTime before = QFileInfo(file).lastModified();
    Findings findings = ui::samples::twoTreatments();
    findings.data->path = folder.filePath("data");
    {
        Person person;
        person.window.investigation().adopt(findings);
        QVERIFY(person.trigger("project.new") && person.choose(folder.filePath("case.culprit")));
        QTRY_VERIFY(person.window.projects().binding().isOpen());
        person.answerWhoReviews("Ada");
        for (int i = 0; i < 20; ++i)
            person.decide(i, Verdict::Exclude);
        person.window.review().undo();
        QVERIFY(person.isSaved());
        QVERIFY(person.trigger("project.export"));
        auto* dialog = person.window.findChild<ExportDialog*>();
        dialog->findChild<QCheckBox*>("export.dataset")->setChecked(true); // they are no IDX files
        dialog->setFolder(folder.filePath("out"));
        QTest::mouseClick(dialog->findChild<QPushButton*>("export.write"), Qt::LeftButton);
        auto* outcome = dialog->findChild<QLabel*>("export.outcome");
        QTRY_VERIFY2(outcome->text().startsWith("Nothing was written"), qPrintable(outcome->text()));
    }
    QCOMPARE(contentOf(file), "whatever it is");
    QCOMPARE(QFileInfo(file).lastModified(), before);
    QCOMPARE(QDir(folder.filePath("data")).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden),
             QStringList{"train-labels-idx1-ubyte"});
}

void TestProjectWindow::hidesNames()
{
    const QTemporaryDir folder;
    Person person;
    QVERIFY(person.makeProject(folder.filePath("Mrs-Miller.culprit")));
    for (const Step step : {Step::Data, Step::Failures, Step::Treatment, Step::Report, Step::Causes})
        person.window.showStep(step);
    QVERIFY(person.trigger("view.hidePaths"));
    const QStringList secret{"Miller", "digits.pt", "/models", "/data/digits", folder.path()};
    const auto isTold = [&](const QString& text) {
        return std::any_of(secret.begin(), secret.end(),
                           [&](const QString& word) { return text.contains(word); });
    };
    QVERIFY2(!isTold(person.window.windowTitle()), qPrintable(person.window.windowTitle()));
    for (const QLabel* label : person.window.findChildren<QLabel*>())
        QVERIFY2(!isTold(label->text() + label->toolTip()), qPrintable(label->text() + label->toolTip()));
    for (const QLineEdit* line : person.window.findChildren<QLineEdit*>())
        QVERIFY2(!isTold(line->displayText()), qPrintable(line->displayText()));
    const auto* recent = person.find<QAbstractItemView>("start.recent");
    QCOMPARE(recent->model()->index(0, 0).data().toString(), "A project");
    QVERIFY(!isTold(recent->model()->index(0, 0).data(Qt::ToolTipRole).toString()));
    person.decide(4, Verdict::Keep);
    QVERIFY(person.isSaved());
    QVERIFY(person.trigger("view.hidePaths"));
    QCOMPARE(person.window.investigation().findings().model->path, "/models/digits.pt");
    QVERIFY(person.window.review().reading().isDecided({data::Part::Train, 4})); // nothing is lost by it
    QVERIFY(person.window.projects().binding().isOpen());
}

void TestProjectWindow::showsThePolicysBanner()
{
    const QTemporaryDir folder;
    const QString policy = folder.filePath("policy.json");
    QFile file(policy);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"banner": "For research use only. <b>Not</b> for diagnosis.", "hide_paths": true})");
    file.close();
    Person person({policy});
    QCOMPARE(person.find<QLabel>("policy.banner")->text(),
             "For research use only. <b>Not</b> for diagnosis.");
    QCOMPARE(person.find<QLabel>("policy.banner")->textFormat(), Qt::PlainText);
    QVERIFY(person.find<QLabel>("policy.banner")->isVisible());
    QVERIFY(person.find<QAction>("view.hidePaths")->isChecked());
    QVERIFY(!person.find<QAction>("view.hidePaths")->isEnabled());
    QVERIFY(person.window.investigation().areFilesHidden());
    const Person other;
    QVERIFY(!other.window.findChild<QLabel*>("policy.banner"));
}

void TestProjectWindow::takesNamesOutOfSentences_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("clean");
    QTest::newRow("path") << "/data/Mrs Miller/train.npz: is no .npz file"
                          << "…: is no .npz file";
    QTest::newRow("quoted") << "cannot read “/a/b c.pt”, try again"
                            << "cannot read “…”, try again";
    QTest::newRow("known") << "digits.pt is a state_dict"
                           << "… is a state_dict";
    QTest::newRow("no path") << "3 images/second and 1/2 done"
                             << "3 images/second and 1/2 done";
}

void TestProjectWindow::takesNamesOutOfSentences()
{
    QFETCH(QString, text);
    QFETCH(QString, clean);
    QCOMPARE(withoutPaths(text, {"digits.pt", ""}), clean);
}

void TestProjectWindow::readsPolicies()
{
    const QTemporaryDir folder;
    const auto write = [&](const char* name, const char* content) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(content);
        return file.fileName();
    };
    const QString machine = write("machine.json", R"({"banner": "Research only", "hide_paths": true})");
    const QString own = write("own.json", R"({"banner": "Ward 7", "hide_paths": false})");
    const QString broken = write("broken.json", "{banner");
    const Policy policy = readPolicy({machine, own, folder.filePath("none.json"), broken});
    QCOMPARE(policy.banners, (QStringList{"Research only", "Ward 7"}));
    QVERIFY(policy.hidesPaths); // the person's own cannot take it back
    QCOMPARE(policy.problems.size(), 1);
    QVERIFY(policy.problems.at(0).contains("broken.json"));
}

void TestProjectWindow::waitsForTheLastDecisionWhenClosed()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    {
        Person person;
        QVERIFY(person.makeProject(path));
        person.answerWhoReviews("Ada");
        for (int i = 0; i < 30; ++i)
            person.decide(i, Verdict::Flag);
        person.window.close();
        QTRY_VERIFY(!person.window.isVisible());
    }
    const auto project = project::Project::open(path.toStdString());
    QVERIFY(project);
    QCOMPARE(project->journal().head().count, 30);
}

void TestProjectWindow::staysOpenWhereTheLastDecisionCannotBeKept()
{
    Person person;
    person.window.investigation().adopt(ui::samples::twoTreatments());
    Review::Acknowledge acknowledge;
    person.window.review().begin(
        {}, [&](const review::Step&, const Review::Acknowledge& answer) { acknowledge = answer; });
    person.decide(4, Verdict::Keep);
    person.window.close();
    acknowledge(fail(Error::Kind::Io, "/data/Miller.culprit: the disk is full; make room"));
    QVERIFY(person.window.isVisible());
    QVERIFY(person.noticeText().contains("disk is full"));
    person.window.close();
    QVERIFY(!person.window.isVisible());
}

void TestProjectWindow::gallery()
{
    QFETCH(QString, name);
    QFETCH(bool, dark);
    QFETCH(bool, longWords);
    Theme theme;
    for (const ::samples::PageExhibit& exhibit : exhibits())
        if (exhibit.name == name)
            QVERIFY(::samples::renderExhibit(exhibit, CULPRIT_GALLERY, dark, longWords, theme));
}

void TestProjectWindow::windowPictures()
{
    const QTemporaryDir folder;
    QFile policy(folder.filePath("policy.json"));
    QVERIFY(policy.open(QIODevice::WriteOnly));
    policy.write(R"({"banner": "For research use only. Not for diagnosis."})");
    policy.close();
    QVERIFY(QDir().mkpath(CULPRIT_GALLERY));
    Person person({policy.fileName()});
    person.window.resize(1440, 900);
    QVERIFY(person.makeProject(folder.filePath("digits-march.culprit")));
    QTest::qWait(100);
    QVERIFY(person.window.grab().save(CULPRIT_GALLERY "/project-asks.png"));
    person.answerWhoReviews("Ada Lovelace");
    for (int i = 0; i < 12; ++i)
        person.decide(i * 9, i % 2 == 0 ? Verdict::Keep : Verdict::Exclude);
    QVERIFY(person.isSaved());
    QTest::qWait(300);
    QVERIFY(person.window.grab().save(CULPRIT_GALLERY "/project-window.png"));
    person.find<QCheckBox>("project.blind")->setChecked(true);
    person.window.selection().setCurrent(data::ImageId{data::Part::Train, 4});
    QTest::qWait(300);
    QVERIFY(person.window.grab().save(CULPRIT_GALLERY "/project-blind.png"));
    person.theme.setScheme(Theme::Scheme::Dark);
    QTest::qWait(300);
    QVERIFY(person.window.grab().save(CULPRIT_GALLERY "/project-blind-dark.png"));
}

QTEST_MAIN(TestProjectWindow)

#include "tst_project_window.moc"
