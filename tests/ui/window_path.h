// SPDX-License-Identifier: GPL-3.0-or-later
// A person at the window, for tests and measurements: finds things by name, clicks them, waits for what comes
// of it. Everything goes through the events that hands would make.
#pragma once

#include "pages/page.h"
#include "window/main_window.h"

#include <QAbstractButton>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <functional>
#include <memory>

namespace culprit::ui {

class WindowPath {
public:
    static constexpr int patience = 180'000; ///< Milliseconds; a busy machine is no failure.

    /// `engine` empty: culprit-cli of this build.
    explicit WindowPath(const QStringList& engine = {}, const QString& demoModel = {})
    {
        const QStringList usual{QString(CULPRIT_CLI), "serve"};
        m_window = std::make_unique<MainWindow>(
            &m_theme, MainWindow::Surroundings{.engineCommand = engine.isEmpty() ? usual : engine,
                                               .demoModel = demoModel.isEmpty() ? m_folder.filePath("demo.pt")
                                                                                : demoModel});
        m_window->resize(1440, 900);
        m_window->show();
    }

    MainWindow& window() { return *m_window; }
    Investigation& investigation() { return m_window->investigation(); }
    const Findings& findings() { return investigation().findings(); }
    QString folder() const { return m_folder.path(); }

    bool isExposed() { return QTest::qWaitForWindowExposed(m_window.get(), patience); }

    template <typename T = QWidget>
    T* find(const QString& name)
    {
        return m_window->findChild<T*>(name);
    }

    /// False where there is no such thing to click on.
    bool click(const QString& name)
    {
        auto* widget = find(name);
        if (!waitUntil([&] { return widget && widget->isVisible() && widget->isEnabled(); }, 10'000))
            return false;
        QTest::mouseClick(widget, Qt::LeftButton);
        return true;
    }

    static bool waitUntil(const std::function<bool()>& holds, int milliseconds = patience)
    {
        return QTest::qWaitFor(holds, milliseconds);
    }

    bool engineIsReady() { return m_window->engine().state() == EngineClient::State::Ready; }
    bool isSettled() { return !investigation().isBusy(); }

    /// From the start page to ranked culprits.
    bool demoToCulprits()
    {
        return click("start.demo") && waitUntil([&] { return findings().identification && isSettled(); });
    }

    /// From page 3 to before and after.
    bool repair()
    {
        return click("causes.repair") &&
               waitUntil([&] { return !findings().treatments.isEmpty() && isSettled(); });
    }

    /// Of the engine that runs now, or 0.
    static qint64 enginePid()
    {
        const QString own = QString::number(QCoreApplication::applicationPid());
        for (const QString& entry : QDir("/proc").entryList({"[0-9]*"}, QDir::Dirs)) {
            QFile file("/proc/" + entry + "/stat");
            if (!file.open(QIODevice::ReadOnly))
                continue;
            const QString text = QString::fromLatin1(file.readAll());
            const QStringList fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
            if (text.contains("(culprit-cli)") && fields.value(0) != "Z" && fields.value(1) == own)
                return entry.toLongLong();
        }
        return 0;
    }

    static bool killEngine()
    {
        const qint64 pid = enginePid();
        return pid > 0 && ::kill(static_cast<pid_t>(pid), SIGKILL) == 0;
    }

    /// Resident memory of the engine, MiB.
    static double engineMemory()
    {
        QFile file(QStringLiteral("/proc/%1/statm").arg(enginePid()));
        if (!file.open(QIODevice::ReadOnly))
            return 0.0;
        return file.readAll().split(' ').value(1).toDouble() * 4096.0 / (1 << 20);
    }

private:
    QTemporaryDir m_folder;
    Theme m_theme;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace culprit::ui
