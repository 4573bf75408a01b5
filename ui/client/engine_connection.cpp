// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/engine_connection.h"

#include <QProcess>
#include <QProcessEnvironment>
#include <csignal>

namespace culprit::ui {

namespace {

constexpr quint64 helloId = 1; ///< The first id of every conversation; EngineClient's begin above.
constexpr qsizetype linesKept = 20;
constexpr qsizetype longestLine = 2000;

/// LibTorch's threads otherwise spin while they wait, and take the processor from the window.
QProcessEnvironment engineEnvironment()
{
    auto environment = QProcessEnvironment::systemEnvironment();
    if (!environment.contains("OMP_WAIT_POLICY"))
        environment.insert("OMP_WAIT_POLICY", "passive");
    return environment;
}

} // namespace

EngineConnection::EngineConnection() = default;

EngineConnection::~EngineConnection()
{
    kill();
}

void EngineConnection::start(const QStringList& command)
{
    kill();
    m_decoder = {};
    m_readers.clear();
    m_logRest.clear();
    m_lastLines.clear();
    m_program = command.value(0);
    m_process = new QProcess(this);
    m_process->setProcessEnvironment(engineEnvironment());
    connect(m_process, &QProcess::readyReadStandardOutput, this, &EngineConnection::readReplies);
    connect(m_process, &QProcess::readyReadStandardError, this, &EngineConnection::readLog);
    connect(m_process, &QProcess::finished, this, &EngineConnection::processEnded);
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            processNotStarted();
    });
    m_process->start(m_program, command.mid(1));
    if (!m_process)
        return; // it could not be started, and that has been said
    send({helloId, "hello", protocol::helloJson({protocol::protocolVersion, CULPRIT_VERSION, {}})}, {});
}

void EngineConnection::send(const protocol::Request& request, const Reader& reader)
{
    if (!m_process)
        return;
    const auto frame = protocol::encode(request);
    if (!frame) {
        Q_EMIT failed(request.id, frame.error());
        return;
    }
    m_readers.insert(request.id, reader);
    m_process->write(reinterpret_cast<const char*>(frame->data()), static_cast<qint64>(frame->size()));
}

void EngineConnection::kill()
{
    if (!m_process)
        return;
    QProcess* process = m_process;
    forgetProcess();
    process->kill();
    process->waitForFinished(1000);
}

/// Nothing that it still says counts.
void EngineConnection::forgetProcess()
{
    m_process->disconnect(this);
    m_process->deleteLater();
    m_process = nullptr;
}

void EngineConnection::readReplies()
{
    const QByteArray bytes = m_process->readAllStandardOutput();
    const auto added = m_decoder.add(
        {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())});
    while (m_process) {
        const auto payload = m_decoder.next();
        if (!payload)
            break;
        take(*payload);
    }
    if (!added && m_process)
        giveUp(EngineDeath::Kind::Nonsense, QString::fromStdString(added.error().text));
}

void EngineConnection::take(const protocol::Bytes& payload)
{
    const auto message = protocol::decode(payload);
    if (!message)
        return giveUp(EngineDeath::Kind::Nonsense, QString::fromStdString(message.error().text));
    if (const auto* reply = std::get_if<protocol::Reply>(&*message))
        takeReply(*reply);
    else if (const auto* error = std::get_if<protocol::ErrorReply>(&*message))
        takeError(*error);
    else if (const auto* event = std::get_if<protocol::ProgressEvent>(&*message))
        Q_EMIT progress(event->id, QString::fromStdString(event->phase), event->done, event->total);
    else
        giveUp(EngineDeath::Kind::Nonsense, tr("The engine asked the window something."));
}

void EngineConnection::takeReply(const protocol::Reply& reply)
{
    if (reply.id == helloId)
        return takeHello(reply.result);
    const auto place = m_readers.constFind(reply.id);
    if (place == m_readers.cend())
        return; // an answer that nobody waits for
    const Reader reader = *place;
    m_readers.erase(place);
    if (!reader)
        return;
    const auto value = reader(reply.result);
    if (value)
        Q_EMIT answered(reply.id, *value);
    else
        Q_EMIT failed(reply.id, value.error());
}

void EngineConnection::takeError(const protocol::ErrorReply& reply)
{
    if (reply.id == helloId)
        return giveUp(EngineDeath::Kind::OtherVersion, QString::fromStdString(reply.error.text));
    if (m_readers.remove(reply.id) > 0)
        Q_EMIT failed(reply.id, reply.error);
}

void EngineConnection::takeHello(const protocol::Json& result)
{
    const auto hello = protocol::helloOf(result);
    if (!hello)
        return giveUp(EngineDeath::Kind::Nonsense, QString::fromStdString(hello.error().text));
    if (const auto same = protocol::requireSameProtocol(*hello, "the engine"); !same)
        return giveUp(EngineDeath::Kind::OtherVersion, QString::fromStdString(same.error().text));
    const auto info = readEngineInfo(result);
    if (!info)
        return giveUp(EngineDeath::Kind::Nonsense, QString::fromStdString(info.error().text));
    m_readers.remove(helloId);
    Q_EMIT ready(*info);
}

void EngineConnection::readLog()
{
    m_logRest += m_process->readAllStandardError();
    while (true) {
        const qsizetype end = m_logRest.indexOf('\n');
        if (end < 0 && m_logRest.size() < longestLine)
            return;
        const qsizetype length = end < 0 ? m_logRest.size() : std::min(end, longestLine);
        const QString line = QString::fromUtf8(m_logRest.left(length));
        m_logRest.remove(0, end < 0 ? length : end + 1);
        m_lastLines << line;
        if (m_lastLines.size() > linesKept)
            m_lastLines.removeFirst();
        Q_EMIT logLine(line);
    }
}

EngineDeath EngineConnection::death(EngineDeath::Kind kind, int code, const QString& text) const
{
    QStringList lines = m_lastLines;
    if (!m_logRest.isEmpty())
        lines << QString::fromUtf8(m_logRest);
    return {kind, code, m_program, text, lines};
}

void EngineConnection::giveUp(EngineDeath::Kind kind, const QString& text)
{
    const auto last = death(kind, 0, text);
    kill();
    Q_EMIT died(last);
}

void EngineConnection::processNotStarted()
{
    const auto last =
        death(EngineDeath::Kind::NotStarted, 0,
              tr("The engine %1 cannot be started: %2").arg(m_program, m_process->errorString()));
    forgetProcess();
    Q_EMIT died(last);
}

void EngineConnection::processEnded()
{
    readReplies();
    if (!m_process)
        return;
    readLog();
    const int code = m_process->exitCode();
    const bool signalled = m_process->exitStatus() == QProcess::CrashExit;
    const QString text =
        !signalled        ? tr("The engine ended by itself with status %1.").arg(code)
        : code == SIGKILL ? tr("The engine was killed (signal 9); the system does so when memory runs out.")
                          : tr("The engine crashed (signal %1).").arg(code);
    const auto last = death(signalled ? EngineDeath::Kind::Signalled : EngineDeath::Kind::Exited, code, text);
    forgetProcess();
    Q_EMIT died(last);
}

} // namespace culprit::ui
