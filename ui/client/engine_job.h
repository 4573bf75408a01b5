// SPDX-License-Identifier: GPL-3.0-or-later
// A call to the engine as the window sees it: progress, and one end. The client owns jobs and deletes them
// after their end, so connect right away and keep at most a QPointer.
#pragma once

#include "base/error.h"
#include "protocol/message.h"

#include <QObject>
#include <QString>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace culprit::ui {

class EngineJob : public QObject {
    Q_OBJECT

public:
    using Value = std::shared_ptr<const void>;

    QString call() const { return m_call; }
    bool isRunning() const { return m_running; }

    /// The engine stops within a second; cancelled() comes when it has, or finished() where it was quicker.
    void cancel();

Q_SIGNALS:
    void progress(const QString& phase, qint64 done, qint64 total);
    void finished();
    void failed(const culprit::Error& error);
    void cancelled();
    /// After any of the three.
    void ended();

    void cancelRequested(culprit::ui::EngineJob* job);

protected:
    EngineJob(QString call, QObject* parent);

    /// Takes over what the engine answered. Arguments to go on asking with, or nothing: then it is complete.
    virtual std::optional<protocol::Json> accept(const Value& value) = 0;

private:
    friend class EngineClient;
    void finish();
    void fail(const Error& error);
    void end();

    QString m_call;
    bool m_running = true;
};

template <typename T>
class ResultJob : public EngineJob {
public:
    ResultJob(QString call, QObject* parent) : EngineJob(std::move(call), parent) {}

    /// Once finished.
    const T& result() const { return *m_result; }

    /// Calls `receive(const T&)` when the job has finished, unless `context` is gone by then.
    template <typename Receive>
    void whenFinished(const QObject* context, Receive receive)
    {
        connect(this, &EngineJob::finished, context, [this, receive] { receive(result()); });
    }

protected:
    std::optional<protocol::Json> accept(const Value& value) override
    {
        m_result = std::static_pointer_cast<const T>(value);
        return {};
    }

private:
    std::shared_ptr<const T> m_result;
};

} // namespace culprit::ui
