// SPDX-License-Identifier: GPL-3.0-or-later
// The process at the other end, on a thread of its own: starts it, cuts its output into frames, and turns
// replies into values before the window hears of them.
#pragma once

#include "client/engine_replies.h"
#include "protocol/frame.h"
#include "protocol/message.h"

#include <QHash>
#include <QObject>
#include <QStringList>
#include <functional>
#include <memory>

class QProcess;

namespace culprit::ui {

/// How an engine ended that should not have.
struct EngineDeath {
    enum class Kind {
        NotStarted, ///< There is no such program, or it may not be run.
        Exited,     ///< By itself; `code` is its exit status.
        Signalled,  ///< By a signal, number `code`: 9 is what the system uses when memory runs out.
        Nonsense,   ///< It said what no engine says, and was ended.
        OtherVersion
    };
    Kind kind = Kind::Exited;
    int code = 0;
    QString program;
    QString text;          ///< One sentence for the user.
    QStringList lastLines; ///< Of its log.
};

class EngineConnection : public QObject {
    Q_OBJECT

public:
    /// From a reply to a value, on the connection's thread.
    using Reader = std::function<Expected<std::shared_ptr<const void>>(const protocol::Json&)>;

    EngineConnection();
    ~EngineConnection() override;

    // All three on the connection's thread.
    void start(const QStringList& command);
    void send(const protocol::Request& request, const Reader& reader);
    /// Ends the process without more ado: it holds nothing that could be lost.
    void kill();

Q_SIGNALS:
    void ready(const culprit::ui::EngineInfo& info);
    void answered(quint64 id, const std::shared_ptr<const void>& value);
    void failed(quint64 id, const culprit::Error& error);
    void progress(quint64 id, const QString& phase, qint64 done, qint64 total);
    void died(const culprit::ui::EngineDeath& death);
    void logLine(const QString& line);

private:
    void readReplies();
    void readLog();
    void take(const protocol::Bytes& payload);
    void takeReply(const protocol::Reply& reply);
    void takeError(const protocol::ErrorReply& reply);
    void takeHello(const protocol::Json& result);
    void giveUp(EngineDeath::Kind kind, const QString& text);
    void processEnded();
    void processNotStarted();
    void forgetProcess();
    EngineDeath death(EngineDeath::Kind kind, int code, const QString& text) const;

    QProcess* m_process = nullptr;
    QString m_program;
    protocol::FrameDecoder m_decoder;
    QHash<quint64, Reader> m_readers;
    QByteArray m_logRest;
    QStringList m_lastLines;
};

} // namespace culprit::ui
