// SPDX-License-Identifier: GPL-3.0-or-later
// `culprit-cli serve` as the window starts it, with models that do what models should not.
#include "protocol/fields.h"
#include "protocol/message.h"
#include "script_models.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace culprit;
using namespace culprit::protocol;

namespace {

constexpr int patience = 60'000;

class EngineProcess {
public:
    explicit EngineProcess(const QString& folder)
    {
        m_process.setWorkingDirectory(folder);
        m_process.start(CULPRIT_CLI, {"serve", "--device", "cpu"});
    }

    ~EngineProcess()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    std::uint64_t send(const std::string& call, const Json& arguments)
    {
        const auto id = m_nextId++;
        const auto frame = *encode(Request{id, call, arguments});
        m_process.write(reinterpret_cast<const char*>(frame.data()), static_cast<qint64>(frame.size()));
        return id;
    }

    Expected<Json> call(const std::string& name, const Json& arguments)
    {
        const auto id = send(name, arguments);
        while (true) {
            const auto message = next();
            if (!message)
                return fail(message.error());
            if (const auto* reply = std::get_if<Reply>(&*message); reply && reply->id == id)
                return reply->result;
            if (const auto* error = std::get_if<ErrorReply>(&*message); error && error->id == id)
                return fail(error->error);
        }
    }

    Expected<Message> next()
    {
        while (true) {
            if (const auto payload = m_decoder.next())
                return decode(*payload);
            if (!m_process.waitForReadyRead(patience))
                return fail(Error::Kind::Internal, "the engine said nothing");
            const QByteArray bytes = m_process.readAllStandardOutput();
            const auto added = m_decoder.add({reinterpret_cast<const std::uint8_t*>(bytes.constData()),
                                              static_cast<std::size_t>(bytes.size())});
            if (!added)
                return fail(added.error());
        }
    }

    QProcess& process() { return m_process; }

private:
    QProcess m_process;
    FrameDecoder m_decoder;
    std::uint64_t m_nextId = 1;
};

/// A linear model for the demo's digits that first does `line`.
void writeModel(const QString& file, const std::string& line)
{
    constexpr std::int64_t inputs = 28 * 28;
    auto script =
        model::linearScript(10, inputs, std::vector<float>(10 * inputs, 0.01F), std::vector<float>(10));
    script.body = line + script.body;
    model::writeScript(file.toStdString(), script);
}

Expected<Json> open(EngineProcess& engine, const QString& model)
{
    const auto data = engine.call("open_demo", {{"train", 50}, {"test", 20}});
    if (!data)
        return data;
    return engine.call("open_model", {{"path", model.toStdString()}});
}

} // namespace

class TestServeProcess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void aModelThatPrintsDoesNotDisturbTheFrames()
    {
        const QString model = m_folder->filePath("prints.pt");
        writeModel(model, "    print('printed by the model')\n");
        EngineProcess engine(m_folder->path());
        const auto opened = open(engine, model);
        QVERIFY2(opened, opened ? "" : opened.error().text.c_str());
        QVERIFY(engine.call("evaluate", Json::object()));
        QVERIFY(engine.process().readAllStandardError().contains("printed by the model"));
    }

    void aModelThatWritesLeavesNoFile()
    {
        const QString model = m_folder->filePath("writes.pt");
        writeModel(model, "    torch.save(x, 'written-by-the-model')\n");
        EngineProcess engine(m_folder->path());
        const auto hello = engine.call("hello", helloJson({protocolVersion, "test", ""}));
        QVERIFY(hello);
        if (Fields(*hello, "hello").text("sandbox").find("read-only") == std::string::npos)
            QSKIP("this kernel cannot keep files from being written");
        (void)open(engine, model); // LibTorch takes no notice when its file cannot be made
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{"writes.pt"});
        QVERIFY(engine.call("train", {{"epochs", 1}})); // and the engine goes on
    }

    void theEndOfInputEndsTheProcess()
    {
        EngineProcess engine(m_folder->path());
        QVERIFY(engine.call("hello", helloJson({protocolVersion, "test", ""})));
        engine.process().closeWriteChannel();
        QVERIFY(engine.process().waitForFinished(patience));
        QCOMPARE(engine.process().exitStatus(), QProcess::NormalExit);
        QCOMPARE(engine.process().exitCode(), 0);
    }

    void theEndOfInputEndsEvenAModelThatNeverReturns()
    {
        const QString model = m_folder->filePath("loops.pt");
        writeModel(model, "    i = 1\n    while i > 0:\n        i = 3 - i\n");
        EngineProcess engine(m_folder->path());
        QVERIFY(engine.call("open_demo", {{"train", 50}, {"test", 20}}));
        const auto id = engine.send("open_model", {{"path", model.toStdString()}});
        const auto begun = engine.next();
        QVERIFY(begun && std::get<ProgressEvent>(*begun).id == id);
        QElapsedTimer timer;
        timer.start();
        engine.process().closeWriteChannel();
        QVERIFY(engine.process().waitForFinished(patience));
        QVERIFY2(timer.elapsed() < 6000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(engine.process().exitCode(), 1);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestServeProcess)
#include "tst_serve_process.moc"
