// SPDX-License-Identifier: GPL-3.0-or-later
// Each row forks a child that confines itself and then tries one thing; its exit status is the errno it met.
// What this kernel cannot enforce is skipped with the reason, never passed.
#include "base/sandbox.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <csignal>
#include <dirent.h>
#include <fcntl.h>
#include <functional>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using culprit::probeSandbox;
using culprit::restrictProcess;
using culprit::SandboxLevel;
using culprit::SandboxPolicy;

namespace {

/// Two folders, each with a file "old" and a folder "folder"; the policy opens `inside` only.
struct Place {
    std::string inside;
    std::string outside;
};

enum class Needs { Landlock, Seccomp, Nothing };
enum class Answer { Works, Refused };

struct Attempt {
    const char* name;
    Needs needs;
    Answer answer;
    std::function<int(const Place&)> tryIt; ///< errno, 0 where it worked.
};

int errnoOf(long result)
{
    return result < 0 ? errno : 0;
}

int errnoOfOpening(const std::string& path, int flags)
{
    return errnoOf(::open(path.c_str(), flags | O_CLOEXEC, 0600));
}

int errnoOfListing(const std::string& path)
{
    return ::opendir(path.c_str()) ? 0 : errno;
}

int errnoOfConnecting(const Place& place)
{
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (socket < 0)
        return errno;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (place.outside + "/old").copy(address.sun_path, sizeof address.sun_path - 1);
    return errnoOf(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

int errnoOfRunning(const char* program)
{
    char* const arguments[] = {const_cast<char*>(program), nullptr};
    char* const environment[] = {nullptr};
    ::execve(program, arguments, environment);
    return errno;
}

int errnoInAnotherThread(const std::function<int()>& tryIt)
{
    int error = 0;
    std::thread([&] { error = tryIt(); }).join();
    return error;
}

std::vector<Attempt> fileAttempts()
{
    using enum Needs;
    using enum Answer;
    return {
        {"read a file", Nothing, Works,
         [](const Place& p) { return errnoOfOpening(p.outside + "/old", O_RDONLY); }},
        {"list a folder", Nothing, Works, [](const Place& p) { return errnoOfListing(p.outside); }},
        {"make a file", Landlock, Refused,
         [](const Place& p) { return errnoOfOpening(p.outside + "/new", O_CREAT | O_WRONLY); }},
        {"overwrite a file", Landlock, Refused,
         [](const Place& p) { return errnoOfOpening(p.outside + "/old", O_WRONLY); }},
        {"empty a file while writing", Landlock, Refused,
         [](const Place& p) { return errnoOfOpening(p.outside + "/old", O_WRONLY | O_TRUNC); }},
        {"empty a file while reading", Seccomp, Refused,
         [](const Place& p) { return errnoOfOpening(p.outside + "/old", O_RDONLY | O_TRUNC); }},
        {"truncate a file", Seccomp, Refused,
         [](const Place& p) { return errnoOf(::truncate((p.outside + "/old").c_str(), 0)); }},
        {"remove a file", Landlock, Refused,
         [](const Place& p) { return errnoOf(::unlink((p.outside + "/old").c_str())); }},
        {"remove a folder", Landlock, Refused,
         [](const Place& p) { return errnoOf(::rmdir((p.outside + "/folder").c_str())); }},
        {"make a folder", Landlock, Refused,
         [](const Place& p) { return errnoOf(::mkdir((p.outside + "/new").c_str(), 0700)); }},
        {"make a link", Landlock, Refused,
         [](const Place& p) { return errnoOf(::symlink("/", (p.outside + "/new").c_str())); }},
        {"move a file out", Landlock, Refused,
         [](const Place& p) {
             return errnoOf(::rename((p.inside + "/old").c_str(), (p.outside + "/new").c_str()));
         }},
        {"change a mode", Seccomp, Refused,
         [](const Place& p) { return errnoOf(::chmod((p.outside + "/old").c_str(), 0777)); }},
        {"change times", Seccomp, Refused,
         [](const Place& p) {
             return errnoOf(::utimensat(AT_FDCWD, (p.outside + "/old").c_str(), nullptr, 0));
         }},
        {"write to nowhere", Nothing, Works,
         [](const Place&) { return errnoOfOpening("/dev/null", O_WRONLY); }},
        {"make a file inside", Nothing, Works,
         [](const Place& p) { return errnoOfOpening(p.inside + "/new", O_CREAT | O_WRONLY); }},
        {"overwrite a file inside", Nothing, Works,
         [](const Place& p) { return errnoOfOpening(p.inside + "/old", O_WRONLY | O_TRUNC); }},
        {"make a folder inside", Nothing, Works,
         [](const Place& p) { return errnoOf(::mkdir((p.inside + "/folder/new").c_str(), 0700)); }},
        {"remove a file inside", Nothing, Works,
         [](const Place& p) { return errnoOf(::unlink((p.inside + "/old").c_str())); }},
        {"replace a file inside", Nothing, Works,
         [](const Place& p) {
             return errnoOf(::rename((p.inside + "/old").c_str(), (p.inside + "/new").c_str()));
         }},
        {"set the mode of an open file inside", Nothing, Works,
         [](const Place& p) {
             return errnoOf(::fchmod(::open((p.inside + "/old").c_str(), O_RDONLY | O_CLOEXEC), 0644));
         }},
    };
}

std::vector<Attempt> processAttempts()
{
    using enum Needs;
    using enum Answer;
    return {
        {"run a program", Seccomp, Refused, [](const Place&) { return errnoOfRunning("/bin/true"); }},
        {"open an IPv4 socket", Seccomp, Refused,
         [](const Place&) { return errnoOf(::socket(AF_INET, SOCK_STREAM, 0)); }},
        {"open an IPv6 socket", Seccomp, Refused,
         [](const Place&) { return errnoOf(::socket(AF_INET6, SOCK_DGRAM, 0)); }},
        {"open a packet socket", Seccomp, Refused,
         [](const Place&) { return errnoOf(::socket(AF_PACKET, SOCK_RAW, 0)); }},
        {"connect to another program", Seccomp, Refused, errnoOfConnecting},
        {"talk to one's own threads", Nothing, Works,
         [](const Place&) {
             int pair[2];
             return errnoOf(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
         }},
        {"trace", Seccomp, Refused,
         [](const Place&) { return errnoOf(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }},
        {"signal the parent", Seccomp, Refused, [](const Place&) { return errnoOf(::kill(::getppid(), 0)); }},
        {"signal oneself", Nothing, Works, [](const Place&) { return errnoOf(::kill(::getpid(), 0)); }},
        {"leave the namespace", Seccomp, Refused,
         [](const Place&) { return errnoOf(::syscall(SYS_unshare, 0)); }},
        {"go round the filter", Seccomp, Refused,
         [](const Place&) { return errnoOf(::syscall(SYS_io_uring_setup, 1, nullptr)); }},
        {"dump core", Nothing, Refused,
         [](const Place&) {
             rlimit limit{};
             ::getrlimit(RLIMIT_CORE, &limit);
             return limit.rlim_max == 0 ? EPERM : 0;
         }},
    };
}

std::vector<Attempt> threadAttempts()
{
    using enum Needs;
    using enum Answer;
    return {
        {"write from a later thread", Landlock, Refused,
         [](const Place& p) {
             return errnoInAnotherThread(
                 [&] { return errnoOfOpening(p.outside + "/new", O_CREAT | O_WRONLY); });
         }},
        {"open a socket in a later thread", Seccomp, Refused,
         [](const Place&) {
             return errnoInAnotherThread([] { return errnoOf(::socket(AF_INET, SOCK_STREAM, 0)); });
         }},
    };
}

/// Runs `body` in a child and returns how it ended, as waitpid says it.
int statusOf(const std::function<int()>& body)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(body());
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
}

int exitCodeOf(const std::function<int()>& body)
{
    const int status = statusOf(body);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool isRefusal(int error)
{
    return error == EPERM || error == EACCES || error == EXDEV || error == ENOSYS;
}

void fill(const std::string& folder)
{
    QFile file(QString::fromStdString(folder + "/old"));
    QVERIFY(QDir().mkpath(QString::fromStdString(folder + "/folder")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("content") == 7);
}

} // namespace

class TestSandbox : public QObject {
    Q_OBJECT

private:
    std::vector<Attempt> m_attempts;
    QTemporaryDir m_folder;
    Place m_place;

private Q_SLOTS:
    void initTestCase()
    {
        for (const auto& group : {fileAttempts(), processAttempts(), threadAttempts()})
            m_attempts.insert(m_attempts.end(), group.begin(), group.end());
        qInfo("this kernel: %s", probeSandbox().describe().c_str());
    }

    void init()
    {
        QVERIFY(m_folder.isValid());
        m_place = {m_folder.filePath("inside").toStdString(), m_folder.filePath("outside").toStdString()};
        QVERIFY(QDir(m_folder.filePath("inside")).removeRecursively());
        QVERIFY(QDir(m_folder.filePath("outside")).removeRecursively());
        fill(m_place.inside);
        fill(m_place.outside);
    }

    void whatTheProbeSaysIsEnforced_data()
    {
        QTest::addColumn<int>("attempt");
        for (std::size_t i = 0; i < m_attempts.size(); ++i)
            QTest::newRow(m_attempts[i].name) << static_cast<int>(i);
    }

    void whatTheProbeSaysIsEnforced()
    {
        QFETCH(int, attempt);
        const Attempt& row = m_attempts[static_cast<std::size_t>(attempt)];
        const SandboxLevel offered = probeSandbox();
        if (row.needs == Needs::Landlock && !offered.landlock)
            QSKIP("this kernel has no Landlock");
        if (row.needs == Needs::Seccomp && !offered.seccomp)
            QSKIP("this kernel has no seccomp filters");
#ifdef __SANITIZE_THREAD__
        if (std::string_view(row.name).find("later thread") != std::string_view::npos)
            QSKIP("ThreadSanitizer cannot start threads in a forked child");
#endif
        const int error = exitCodeOf([&] {
            restrictProcess({.writable = {m_place.inside}});
            return row.tryIt(m_place);
        });
        if (row.answer == Answer::Works)
            QCOMPARE(error, 0);
        else
            QVERIFY2(isRefusal(error), std::to_string(error).c_str());
    }

    void theAnswerIsWhatTheProbeOffered()
    {
        const SandboxLevel offered = probeSandbox();
        const int code = exitCodeOf([&] {
            const SandboxLevel level = restrictProcess({});
            return level.noNewPrivileges == offered.noNewPrivileges && level.landlock == offered.landlock &&
                           level.seccomp == offered.seccomp && level.landlockAbi == offered.landlockAbi &&
                           level.network == offered.network && level.otherThreads == 0
                       ? 0
                       : 1;
        });
        QCOMPARE(code, 0);
    }

    void probingChangesNothing()
    {
        const int error = exitCodeOf([&] {
            probeSandbox();
            return errnoOfOpening(m_place.outside + "/new", O_CREAT | O_WRONLY) +
                   errnoOf(::socket(AF_UNIX, SOCK_STREAM, 0)) +
                   errnoOf(::chmod(m_place.outside.c_str(), 0700));
        });
        QCOMPARE(error, 0);
    }

    void withoutAWritableFolderNothingIsWritable()
    {
        if (!probeSandbox().landlock || !probeSandbox().seccomp)
            QSKIP("this kernel lacks Landlock or seccomp filters");
        QVERIFY(isRefusal(exitCodeOf([&] {
            restrictProcess({});
            return errnoOfOpening(m_place.inside + "/new", O_CREAT | O_WRONLY);
        })));
        QVERIFY(isRefusal(exitCodeOf([&] {
            restrictProcess({});
            return errnoOf(::fchmod(::open((m_place.inside + "/old").c_str(), O_RDONLY | O_CLOEXEC), 0644));
        })));
    }

    void aSingleFileCanBeOpened()
    {
        const SandboxPolicy policy{.writable = {m_place.inside + "/old", m_place.inside + "/missing"}};
        QCOMPARE(exitCodeOf([&] {
                     restrictProcess(policy);
                     return errnoOfOpening(m_place.inside + "/old", O_WRONLY | O_TRUNC);
                 }),
                 0);
        if (!probeSandbox().landlock)
            QSKIP("this kernel has no Landlock");
        QVERIFY(isRefusal(exitCodeOf([&] {
            restrictProcess(policy);
            return errnoOfOpening(m_place.inside + "/missing", O_CREAT | O_WRONLY);
        })));
    }

    void theNetworkCanBeLeftAlone()
    {
        QCOMPARE(exitCodeOf([&] {
                     const SandboxLevel level = restrictProcess({.network = true});
                     return level.network ? errnoOf(::socket(AF_INET, SOCK_STREAM, 0)) : 1;
                 }),
                 0);
    }

    void aCrashStillLooksLikeACrash()
    {
        const int status = statusOf([] {
            ::signal(SIGABRT, SIG_DFL);
            restrictProcess({});
            ::raise(SIGABRT);
            return 0;
        });
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(WTERMSIG(status), SIGABRT);
        QVERIFY(!WCOREDUMP(status));
    }

    void earlierThreadsAreCounted()
    {
#ifdef __SANITIZE_THREAD__
        QSKIP("ThreadSanitizer cannot start threads in a forked child");
#endif
        const int threads = exitCodeOf([] {
            std::jthread waiting([](const std::stop_token& stop) {
                while (!stop.stop_requested())
                    std::this_thread::yield();
            });
            return restrictProcess({}).otherThreads;
        });
        QCOMPARE(threads, 1);
    }

    void theLevelIsSaidInWords_data()
    {
        QTest::addColumn<SandboxLevel>("level");
        QTest::addColumn<QString>("words");
        QTest::newRow("all") << SandboxLevel{true, true, true, false, 7, 0}
                             << "files read-only (Landlock 7); no network, no other programs (seccomp)";
        QTest::newRow("nothing")
            << SandboxLevel{}
            << "files not protected (no Landlock in this kernel); network in reach, system calls "
               "not filtered (no seccomp); privileges can be raised";
        QTest::newRow("late")
            << SandboxLevel{true, true, true, true, 3, 2}
            << "files read-only (Landlock 3); network in reach, no other programs (seccomp); 2 "
               "earlier threads keep their access to files";
    }

    void theLevelIsSaidInWords()
    {
        QFETCH(SandboxLevel, level);
        QTEST(QString::fromStdString(level.describe()), "words");
    }
};

QTEST_APPLESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
