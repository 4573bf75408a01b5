// SPDX-License-Identifier: GPL-3.0-or-later
// The window's program:  culprit [MODEL DATA],  culprit FILE.culprit  or  culprit --demo
#include "models/english_plurals.h"
#include "widgets/icons.h"
#include "widgets/theme.h"
#include "window/main_window.h"
#include "window/project_desk.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QLibraryInfo>
#include <QLocale>
#include <QProcess>
#include <QTextStream>
#include <QTimer>
#include <QTranslator>

using namespace culprit::ui;

namespace {

constexpr int wrongUsage = 2;

struct CommandLine {
    bool demo = false;
    QString model;
    QString data;
    QString project;
    QStringList engine;
};

/// Says what is wrong and ends the program, or ends it after --help and --version.
CommandLine readCommandLine(const QApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate(
        "main", "Finds the training images behind a classifier's failures, and repairs the model."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption demo("demo", QApplication::translate("main", "Investigate the demo set."));
    const QCommandLineOption engine(
        "engine",
        QApplication::translate("main", "The engine to use, for example 'ssh host culprit-cli serve'."),
        QApplication::translate("main", "command"));
    parser.addOptions({demo, engine});
    parser.addPositionalArgument(
        "model", QApplication::translate("main", "A TorchScript model (.pt), or a project (.culprit)."),
        "[model");
    parser.addPositionalArgument(
        "data", QApplication::translate("main", "A data set: a folder, .npz or .csv."), "data]");
    parser.process(application);
    const QStringList paths = parser.positionalArguments();
    if (paths.size() == 1 && ProjectDesk::isProject(paths.constFirst()))
        return {.demo = false,
                .model = {},
                .data = {},
                .project = paths.constFirst(),
                .engine = QProcess::splitCommand(parser.value(engine))};
    if (paths.size() != 0 && paths.size() != 2) {
        QTextStream(stderr)
            << QApplication::translate(
                   "main", "culprit: give a model and a data set, a project, or nothing; see culprit --help")
            << Qt::endl;
        std::exit(wrongUsage);
    }
    return {
        parser.isSet(demo), paths.value(0), paths.value(1), {}, QProcess::splitCommand(parser.value(engine))};
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName("culprit");
    QApplication::setApplicationDisplayName("Culprit");
    QApplication::setApplicationVersion(CULPRIT_VERSION);
    QApplication::setOrganizationName("culprit");
    QApplication::setDesktopFileName("culprit");
    EnglishPlurals plurals;
    QApplication::installTranslator(&plurals);
    QTranslator widgets;
    if (widgets.load(QLocale(), "qtbase", "_", QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QApplication::installTranslator(&widgets);
    const CommandLine line = readCommandLine(application);

    Theme theme;
    QApplication::setWindowIcon(applicationIcon());
    MainWindow window(&theme, {.engineCommand = line.engine});
    window.show();
    QTimer::singleShot(0, &window, [&] {
        window.startEngine();
        if (!line.project.isEmpty())
            window.openProject(line.project);
        else if (line.demo)
            window.tryDemo();
        else if (!line.model.isEmpty())
            window.open(line.model, line.data);
    });
    return QApplication::exec();
}
