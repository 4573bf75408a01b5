// SPDX-License-Identifier: GPL-3.0-or-later
// What the window promises, measured: first paint, the way from the start page to culprits, cancel and sudden
// death at random moments, and the longest events meanwhile.   bench_window [start|cancels|kills|evidence …]
#include "timed_application.h"
#include "window_path.h"

#include "models/english_plurals.h"
#include "widgets/notice_bar.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QSettings>
#include <QTextStream>
#include <algorithm>

using namespace culprit;
using namespace culprit::ui;

namespace {

constexpr int starts = 5;
constexpr int cancels = 100;
constexpr int kills = 50;

QTextStream& out()
{
    static QTextStream stream(stdout);
    return stream;
}

QString spread(std::vector<double> values)
{
    if (values.empty())
        return QStringLiteral("none");
    std::sort(values.begin(), values.end());
    return QStringLiteral("median %1, longest %2")
        .arg(values[values.size() / 2], 0, 'f', 0)
        .arg(values.back(), 0, 'f', 0);
}

/// From the start of the process to the line it writes when it has painted for the first time.
double firstPaint()
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("QT_LOGGING_RULES", "culprit.startup.debug=true");
    process.setProcessEnvironment(environment);
    QElapsedTimer clock;
    clock.start();
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(CULPRIT_WINDOW, {"--engine", QStringLiteral(CULPRIT_CLI) + " serve"});
    while (process.waitForReadyRead(20'000))
        if (process.readAll().contains("first paint"))
            break;
    const double taken = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    process.kill();
    process.waitForFinished();
    return taken;
}

void reportLongEvents()
{
    const auto found = TimedApplication::self().longerThan(50.0);
    out() << "  events over 50 ms: " << found.size() << " of " << TimedApplication::self().events()
          << Qt::endl;
    for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 8); ++i)
        out() << "    " << found[i].what << ": " << found[i].wall << " ms, " << found[i].processor
              << " ms of the processor's" << Qt::endl;
}

void measureStart()
{
    std::vector<double> taken;
    for (int i = 0; i < starts; ++i)
        taken.push_back(firstPaint());
    out() << "first paint, ms: " << spread(taken) << Qt::endl;
}

void measureDemo(WindowPath& path)
{
    TimedApplication::self().forget();
    QElapsedTimer clock;
    clock.start();
    path.window().startEngine();
    const bool found = path.demoToCulprits();
    out() << "from the click to culprits, s: " << static_cast<double>(clock.elapsed()) / 1e3
          << (found ? "" : " (not found)") << Qt::endl;
    path.window().showStep(Step::Causes);
    out() << (path.repair() ? "repaired" : "not repaired") << Qt::endl;
    reportLongEvents();
}

/// One of the long jobs, chosen at random.
void startSomething(WindowPath& path, QRandomGenerator& random)
{
    auto& investigation = path.investigation();
    switch (random.bounded(4)) {
    case 0:
        return investigation.train({.architecture = "paper-cnn", .epochs = 20});
    case 1:
        return investigation.repair({"relabel-rehearse"});
    case 2:
        return investigation.traceCurve({20, 60, 120}, "relabel-rehearse");
    default:
        return investigation.findCauses({});
    }
}

void measureCancels(WindowPath& path, QRandomGenerator& random)
{
    std::vector<double> answered;
    std::vector<double> finished;
    int changed = 0;
    const double before = WindowPath::engineMemory();
    for (int i = 0; i < cancels; ++i) {
        const Findings was = path.findings();
        startSomething(path, random);
        QTest::qWait(static_cast<int>(random.bounded(1200)));
        if (path.isSettled())
            continue;
        QElapsedTimer clock;
        clock.start();
        path.investigation().cancel();
        answered.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        WindowPath::waitUntil([&] { return path.isSettled(); });
        finished.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        const Findings& now = path.findings();
        if (was.identification->ranking != now.identification->ranking || was.cut.count != now.cut.count ||
            was.split->query != now.split->query || was.model->path != now.model->path)
            ++changed;
    }
    out() << finished.size() << " cancels; answered, ms: " << spread(answered)
          << "; finished, ms: " << spread(finished) << "; state changed " << changed << " times; engine "
          << before << " -> " << WindowPath::engineMemory() << " MiB" << Qt::endl;
}

bool restart(WindowPath& path)
{
    auto* notices = path.window().findChild<NoticeBar*>();
    if (!WindowPath::waitUntil([&] { return notices->shown() == QString("engine"); }, 10'000))
        return false;
    return path.click("restart");
}

/// Kills the engine somewhere on the way from failures to a repair, restarts it, and goes the way to its end.
bool killOnce(WindowPath& path, QRandomGenerator& random)
{
    path.investigation().chooseFailures({.name = "all misclassified"});
    path.investigation().findCauses({.cut = "top:30"});
    path.investigation().repair({"relabel-rehearse"});
    QTest::qWait(static_cast<int>(random.bounded(2500)));
    if (!WindowPath::killEngine() || !restart(path))
        return false;
    WindowPath::waitUntil([&] { return path.engineIsReady() && path.isSettled(); });
    path.investigation().chooseFailures({.name = "all misclassified"});
    path.investigation().findCauses({.cut = "top:30"});
    path.investigation().repair({"relabel-rehearse"});
    return WindowPath::waitUntil([&] { return path.isSettled(); }) && !path.investigation().lastFailure() &&
           !path.findings().treatmentsAreStale && !path.findings().identificationIsStale;
}

/// A smaller set than the demo's: what is measured is whether the way can be gone, not how fast.
bool openSmallSet(WindowPath& path)
{
    QProcess process;
    process.start(CULPRIT_CLI, {"demo", "--quiet", "--epochs", "6", "--out", path.folder()});
    process.waitForFinished(WindowPath::patience);
    path.window().startEngine();
    path.investigation().open({.path = path.folder() + "/data", .trainSize = 600},
                              {.path = path.folder() + "/model.pt"});
    return WindowPath::waitUntil([&] { return path.findings().split && path.isSettled(); });
}

void measureKills(QRandomGenerator& random)
{
    WindowPath path;
    if (!openSmallSet(path))
        return void(out() << "kills: the set could not be opened" << Qt::endl);
    TimedApplication::self().forget();
    int survived = 0;
    for (int i = 0; i < kills; ++i)
        survived += killOnce(path, random) ? 1 : 0;
    out() << survived << " of " << kills << " killed engines survived, the way gone to its end" << Qt::endl;
    reportLongEvents();
}

/// How soon the evidence for one image comes, with all of MNIST open.
void measureEvidence(const QString& model)
{
    const QString data = QStringLiteral(CULPRIT_SHARED_DATA) + "/mnist";
    if (!QFile::exists(data))
        return void(out() << "evidence: skipped, there is no " << data << Qt::endl);
    WindowPath path;
    path.window().startEngine();
    path.window().open(model, data);
    if (!WindowPath::waitUntil([&] { return path.findings().split && path.isSettled(); }, 600'000))
        return void(out() << "evidence: MNIST could not be opened" << Qt::endl);
    QTest::qWait(60'000); // the engine gathers it meanwhile
    std::vector<double> taken;
    for (int i = 0; i < 50; ++i) {
        QElapsedTimer clock;
        clock.start();
        bool answered = false;
        path.window()
            .engine()
            .evidenceForCulprit(1000 * i, 12)
            ->whenFinished(&path.window(), [&](const CulpritEvidence&) { answered = true; });
        WindowPath::waitUntil([&] { return answered; });
        taken.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    out() << "evidence for one of " << path.findings().data->train.images << " images, ms: " << spread(taken)
          << Qt::endl;
}

} // namespace

int main(int argc, char** argv)
{
    TimedApplication application(argc, argv);
    QCoreApplication::setOrganizationName("culprit-bench");
    QCoreApplication::setApplicationName("culprit");
    QTemporaryDir settings;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    const QStringList parts = QCoreApplication::arguments().mid(1);
    const auto isAsked = [&](const QString& part) { return parts.isEmpty() || parts.contains(part); };
    QRandomGenerator random(1);
    QTemporaryDir models;
    const QString model = models.filePath("demo.pt");

    if (isAsked("start"))
        measureStart();
    if (isAsked("cancels") || isAsked("evidence")) {
        WindowPath path({}, model);
        path.isExposed();
        measureDemo(path);
        if (isAsked("cancels"))
            measureCancels(path, random);
    }
    if (isAsked("kills"))
        measureKills(random);
    if (isAsked("evidence"))
        measureEvidence(model);
    return 0;
}
