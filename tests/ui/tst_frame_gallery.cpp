// SPDX-License-Identifier: GPL-3.0-or-later
// Every plot and bar in every state, light and dark, in English and in a language of long words, as pictures
// in the build's folder gallery/ for people to look at. Run a second time with QT_SCALE_FACTOR=2.
#include "fatal_warnings.h"
#include "frame_samples.h"

#include "models/english_plurals.h"
#include "pages/step_rail.h"
#include "widgets/confusion_matrix_view.h"
#include "widgets/icons.h"
#include "widgets/job_bar.h"
#include "widgets/notice_bar.h"
#include "widgets/score_plot.h"
#include "widgets/state_panel.h"
#include "widgets/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QGridLayout>
#include <QHash>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QRadioButton>
#include <QSet>
#include <QTest>
#include <QVBoxLayout>

#include <memory>

using namespace culprit::ui;

namespace {

using Widget = std::unique_ptr<QWidget>;

Widget matrix(int classes, const QStringList& names, ConfusionShare share)
{
    auto view = std::make_unique<ConfusionMatrixView>();
    view->setConfusion(samples::confusion(classes, 960), names);
    view->setShare(share);
    view->setSelection({{4, 9 % classes}, {0, 1}});
    return view;
}

Widget binaryMatrix()
{
    auto view = std::make_unique<ConfusionMatrixView>();
    view->setConfusion({2, {3118, 27, 141, 2714}}, {"benign", "malignant"});
    return view;
}

Widget scorePlot(int images, int cut, bool logarithmic)
{
    auto plot = std::make_unique<ScorePlot>();
    plot->setScores(samples::scores(images),
                    [](int count) { return std::optional<double>(1.0 / (1.0 + count / 900.0)); });
    plot->setLogarithmic(logarithmic);
    plot->setCut(cut);
    return plot;
}

Widget bars(const RepairFigures& figures)
{
    auto view = std::make_unique<BeforeAfterBars>();
    view->setFigures(figures);
    return view;
}

Widget curve()
{
    auto view = std::make_unique<RemovalCurve>();
    view->setPoints(samples::removal());
    return view;
}

template <typename View>
Widget failed()
{
    auto view = std::make_unique<View>();
    view->panel().showError({QApplication::translate("Gallery", "The engine stopped while it worked"),
                             QApplication::translate("Gallery", "Nothing is lost. Restart it and try again."),
                             QApplication::translate("Gallery", "Restart")});
    return view;
}

Widget withFocus(Widget widget)
{
    widget->setFocus();
    return widget;
}

template <typename View>
Widget asTable(Widget widget)
{
    static_cast<View*>(widget.get())->setTableShown(true);
    return widget;
}

Widget rail()
{
    auto steps = std::make_unique<StepRail>();
    steps->setStep(Step::Data, StepState::Done,
                   QApplication::translate("Gallery", "60,000 + 10,000 images, 10 classes"));
    steps->setStep(Step::Failures, StepState::Stale, QApplication::translate("Gallery", "126 failures"));
    steps->setStep(Step::Causes, StepState::Running,
                   QApplication::translate("Gallery", "scoring training images"));
    steps->setStep(Step::Treatment, StepState::Error,
                   QApplication::translate("Gallery", "The engine stopped"));
    steps->setStep(Step::Report, StepState::Todo, QApplication::translate("Gallery", "after the treatment"));
    steps->setCurrentStep(Step::Causes);
    return steps;
}

Widget jobBar(JobBar::State state)
{
    auto now = std::make_shared<std::int64_t>(0);
    auto bar = std::make_unique<JobBar>([now] { return *now; }, nullptr);
    bar->start(QApplication::translate("Gallery", "Finding causes"));
    for (int i = 0; i <= 8; ++i) {
        *now = i * 1000;
        bar->report(QApplication::translate("Gallery", "scoring training images"), i * 812, 60000,
                    QStringLiteral("cuda:0"));
    }
    if (state == JobBar::State::Cancelling)
        bar->cancel();
    bar->show(); // not waiting half a second
    return bar;
}

Widget notices()
{
    auto all = std::make_unique<QWidget>();
    auto* column = new QVBoxLayout(all.get());
    const auto add = [&](const Notice& notice) {
        auto* bar = new NoticeBar(all.get());
        column->addWidget(bar);
        bar->post(notice);
    };
    add({"engine",
         Notice::Kind::Error,
         QApplication::translate("Gallery",
                                 "The engine stopped: it ran out of memory. Your decisions are saved."),
         {{"restart", QApplication::translate("Gallery", "Restart")},
          {"details", QApplication::translate("Gallery", "Details")}},
         false});
    add({"accuracy",
         Notice::Kind::Warning,
         QApplication::translate("Gallery",
                                 "Accuracy 0.12, nearly all predicted 3: preprocessing or class order is "
                                 "probably wrong."),
         {{"preset", QApplication::translate("Gallery", "Use the preset “mnist”")}}});
    add({"saved", Notice::Kind::Information, QApplication::translate("Gallery", "Report saved."), {}});
    column->addStretch();
    return all;
}

Widget panel(StatePanel::State state)
{
    auto shown = std::make_unique<StatePanel>();
    if (state == StatePanel::State::Loading)
        shown->showLoading({QApplication::translate("Gallery", "Reading the data set"),
                            QApplication::translate("Gallery", "31,200 of 60,000 images"),
                            {}});
    else if (state == StatePanel::State::Error)
        shown->showError(
            {QApplication::translate("Gallery", "model.pt is a state_dict, not a model"),
             QApplication::translate("Gallery", "Save it with torch.jit.script(model).save(…) and open "
                                                "that file."),
             QApplication::translate("Gallery", "Open another model")});
    else
        shown->showEmpty(Icon::StepData,
                         {QApplication::translate("Gallery", "No model and no data yet"),
                          QApplication::translate("Gallery", "Open them, drop them here, or look at "
                                                             "the demo first."),
                          QApplication::translate("Gallery", "Try the demo")});
    return shown;
}

Widget controls()
{
    auto all = std::make_unique<QWidget>();
    auto* grid = new QGridLayout(all.get());
    auto* main = new QPushButton(QApplication::translate("Gallery", "Find causes"), all.get());
    main->setDefault(true);
    auto* plain = new QPushButton(icon(Icon::Open, all->palette()),
                                  QApplication::translate("Gallery", "Open…"), all.get());
    auto* off = new QPushButton(icon(Icon::Save, all->palette()), QApplication::translate("Gallery", "Save"),
                                all.get());
    off->setEnabled(false);
    auto* down = new QPushButton(QApplication::translate("Gallery", "Checked"), all.get());
    down->setCheckable(true);
    down->setChecked(true);
    grid->addWidget(main, 0, 0);
    grid->addWidget(plain, 0, 1);
    grid->addWidget(off, 0, 2);
    grid->addWidget(down, 0, 3);
    auto* box = new QCheckBox(QApplication::translate("Gallery", "Only undecided images"), all.get());
    box->setChecked(true);
    grid->addWidget(box, 1, 0, 1, 2);
    auto* line = new QLineEdit(all.get());
    auto* radio = new QRadioButton(QApplication::translate("Gallery", "Chosen"), all.get());
    radio->setChecked(true);
    grid->addWidget(radio, 2, 0);
    grid->addWidget(new QCheckBox(QApplication::translate("Gallery", "Not ticked"), all.get()), 2, 1);
    auto* combo = new QComboBox(all.get());
    combo->addItem(QApplication::translate("Gallery", "Sort by culprit score"));
    grid->addWidget(combo, 2, 2, 1, 2);
    line->setPlaceholderText(QApplication::translate("Gallery", "Filter by file name"));
    grid->addWidget(line, 1, 2, 1, 2);
    grid->setRowStretch(3, 1);
    return all;
}

Widget iconSheet()
{
    auto all = std::make_unique<QWidget>();
    auto* grid = new QGridLayout(all.get());
    for (int i = 0; i < iconCount; ++i) {
        auto* cell = new QLabel(all.get());
        const auto kind = static_cast<Icon>(i);
        cell->setPixmap(
            iconPixmap(kind, all->palette().color(QPalette::WindowText), 32, all->devicePixelRatioF()));
        grid->addWidget(cell, i / 10, i % 10);
    }
    auto* app = new QLabel(all.get());
    app->setPixmap(applicationIcon().pixmap(QSize(128, 128), all->devicePixelRatioF()));
    grid->addWidget(app, 0, 10, 4, 1);
    return all;
}

struct Exhibit {
    std::function<Widget()> make;
    QSize size;
};

QList<std::pair<QString, Exhibit>> plotExhibits()
{
    const QSize size(640, 480);
    const auto count = ConfusionShare::Count;
    return {
        {"confusion-empty", {[] { return std::make_unique<ConfusionMatrixView>(); }, size}},
        {"confusion-typical", {[=] { return matrix(10, samples::digits(), count); }, size}},
        {"confusion-focus", {[=] { return withFocus(matrix(10, samples::digits(), count)); }, size}},
        {"confusion-percent", {[] { return matrix(10, samples::digits(), ConfusionShare::OfRow); }, size}},
        {"confusion-two-classes", {binaryMatrix, size}},
        {"confusion-long-names", {[=] { return matrix(18, samples::manyNames(18), count); }, {760, 600}}},
        {"confusion-many-classes", {[=] { return matrix(100, samples::manyNames(100), count); }, {760, 600}}},
        {"confusion-small", {[=] { return matrix(10, samples::digits(), count); }, {300, 280}}},
        {"confusion-table",
         {[=] { return asTable<ConfusionMatrixView>(matrix(10, samples::digits(), count)); }, size}},
        {"confusion-error", {failed<ConfusionMatrixView>, size}},
        {"score-empty", {[] { return std::make_unique<ScorePlot>(); }, {640, 320}}},
        {"score-typical", {[] { return scorePlot(6000, 150, true); }, {640, 320}}},
        {"score-focus", {[] { return withFocus(scorePlot(6000, 150, true)); }, {640, 320}}},
        {"score-linear", {[] { return scorePlot(6000, 150, false); }, {640, 320}}},
        {"score-none-chosen", {[] { return scorePlot(6000, 0, true); }, {640, 320}}},
        {"score-all-chosen", {[] { return scorePlot(6000, 6000, true); }, {640, 320}}},
        {"score-many", {[] { return scorePlot(1000000, 24000, true); }, {640, 320}}},
        {"score-table", {[] { return asTable<ScorePlot>(scorePlot(6000, 150, true)); }, {640, 320}}},
        {"bars-empty", {[] { return std::make_unique<BeforeAfterBars>(); }, {720, 420}}},
        {"bars-typical", {[] { return bars(samples::repair()); }, {720, 420}}},
        {"bars-narrow", {[] { return bars(samples::repair()); }, {440, 440}}},
        {"bars-no-change", {[] { return bars(samples::noRepair()); }, {720, 420}}},
        {"bars-table", {[] { return asTable<BeforeAfterBars>(bars(samples::repair())); }, {720, 300}}},
        {"curve-empty", {[] { return std::make_unique<RemovalCurve>(); }, {640, 360}}},
        {"curve-typical", {curve, {640, 360}}},
    };
}

QList<std::pair<QString, Exhibit>> frameExhibits()
{
    using State = StatePanel::State;
    return {
        {"rail", {rail, {270, 480}}},
        {"job-running", {[] { return jobBar(JobBar::State::Running); }, {720, 84}}},
        {"job-cancelling", {[] { return jobBar(JobBar::State::Cancelling); }, {720, 84}}},
        {"notices", {notices, {720, 220}}},
        {"panel-empty", {[] { return panel(State::Empty); }, {520, 340}}},
        {"panel-loading", {[] { return panel(State::Loading); }, {520, 340}}},
        {"panel-error", {[] { return panel(State::Error); }, {520, 340}}},
        {"controls", {controls, {560, 150}}},
        {"icons", {iconSheet, {640, 200}}},
    };
}

int coloursIn(const QImage& image)
{
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            colours.insert(image.pixel(x, y));
    }
    return static_cast<int>(colours.size());
}

} // namespace

class TestFrameGallery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_theme = std::make_unique<Theme>();
        QCoreApplication::installTranslator(&m_plurals);
        QVERIFY(QDir().mkpath(QStringLiteral(CULPRIT_GALLERY)));
    }

    void init() { failOnAnyWarning(); }

    void cleanupTestCase()
    {
        m_theme->setScheme(Theme::Scheme::System);
        QCoreApplication::removeTranslator(&m_plurals);
    }

    void everyWidget_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("longWords");
        for (const auto& [name, exhibit] : plotExhibits() + frameExhibits()) {
            QTest::addRow("%s", qPrintable(name)) << name << false << false;
            QTest::addRow("%s dark", qPrintable(name)) << name << true << false;
            QTest::addRow("%s long", qPrintable(name)) << name << false << true;
        }
    }

    void everyWidget()
    {
        QFETCH(QString, name);
        QFETCH(bool, dark);
        QFETCH(bool, longWords);
        samples::LongTranslator longTranslator;
        if (longWords)
            QCoreApplication::installTranslator(&longTranslator);
        m_theme->setScheme(dark ? Theme::Scheme::Dark : Theme::Scheme::Light);
        const auto exhibits = plotExhibits() + frameExhibits();
        const auto found = std::find_if(exhibits.begin(), exhibits.end(),
                                        [&](const auto& exhibit) { return exhibit.first == name; });
        QWidget window;
        auto* column = new QVBoxLayout(&window);
        Widget widget = found->second.make();
        column->addWidget(widget.release());
        window.resize(found->second.size);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QCoreApplication::processEvents();
        const QImage picture = window.grab().toImage();
        const double ratio = window.devicePixelRatioF();
        QCOMPARE(picture.size(), window.size() * ratio);
        QVERIFY2(coloursIn(picture) > 8, "the picture is blank");
        const QString file = QStringLiteral("%1/frame-%2%3%4%5.png")
                                 .arg(QStringLiteral(CULPRIT_GALLERY), name, dark ? "-dark" : "",
                                      longWords ? "-long" : "", ratio > 1.0 ? "@2x" : "");
        QVERIFY(picture.save(file));
    }

private:
    std::unique_ptr<Theme> m_theme;
    EnglishPlurals m_plurals;
};

QTEST_MAIN(TestFrameGallery)
#include "tst_frame_gallery.moc"
