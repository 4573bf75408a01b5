// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "protocol/fields.h"
#include "protocol/message.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace culprit;
using namespace culprit::protocol;

namespace {

Expected<Message> throughAFrame(const Message& message)
{
    FrameDecoder decoder;
    if (auto added = decoder.add(*encode(message)); !added)
        return fail(added.error());
    return decode(*decoder.next());
}

Message sample()
{
    const std::vector<float> values = {1.5F, -2.0F, std::numeric_limits<float>::quiet_NaN()};
    return Reply{7,
                 {{"scores", arrayJson(values)},
                  {"names", {"cat", "dog"}},
                  {"per_class", {{{"images", 3}, {"after", 0.5}}, {{"images", 0}, {"after", nullptr}}}},
                  {"accuracy", 0.9375},
                  {"done", true}}};
}

Bytes payloadOf(const Message& message)
{
    const Bytes frame = *encode(message);
    return {frame.begin() + frameHeaderBytes, frame.end()};
}

Bytes nested(std::uint8_t opening, std::size_t levels)
{
    Bytes payload(levels, opening);
    payload.push_back(0xf6);
    return payload;
}

QString text(const Error& error)
{
    return QString::fromStdString(error.text);
}

} // namespace

class TestMessage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void messagesComeThroughAsTheyWere()
    {
        const auto request =
            std::get<Request>(*throughAFrame(Request{3, "identify", {{"method", "culprit"}}}));
        QCOMPARE(request.id, std::uint64_t{3});
        QCOMPARE(request.call, std::string("identify"));
        QCOMPARE(request.arguments["method"].get<std::string>(), std::string("culprit"));

        const auto event = std::get<ProgressEvent>(*throughAFrame(ProgressEvent{3, "training", 5, 40}));
        QCOMPARE(event.phase, std::string("training"));
        QCOMPARE(event.done, std::int64_t{5});
        QCOMPARE(event.total, std::int64_t{40});

        const auto reply = std::get<Reply>(*throughAFrame(sample()));
        const Fields fields(reply.result, "reply");
        const auto scores = fields.array<float>("scores");
        QCOMPARE(scores.size(), std::size_t{3});
        QCOMPARE(scores[1], -2.0F);
        QVERIFY(std::isnan(scores[2]));
        QCOMPARE(fields.texts("names"), (std::vector<std::string>{"cat", "dog"}));
        QVERIFY(std::isnan(fields.maps("per_class")[1].number("after")));
        QCOMPARE(fields.number("accuracy"), 0.9375);
        QVERIFY(fields.check());
    }

    void everyKindOfErrorComesThrough()
    {
        for (const auto kind :
             {Error::Kind::BadInput, Error::Kind::NotFound, Error::Kind::Unsupported,
              Error::Kind::OutOfMemory, Error::Kind::Cancelled, Error::Kind::Io, Error::Kind::Internal}) {
            const auto reply =
                std::get<ErrorReply>(*throughAFrame(ErrorReply{9, {kind, "what, where", "log"}}));
            QCOMPARE(reply.id, std::uint64_t{9});
            QCOMPARE(reply.error.kind, kind);
            QCOMPARE(reply.error.text, std::string("what, where"));
            QCOMPARE(reply.error.detail, std::string("log"));
        }
    }

    void whatIsNoMessageIsRefused_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("says");
        QTest::newRow("a number") << "5"
                                  << "is not a map";
        QTest::newRow("a list") << "[]"
                                << "is not a map";
        QTest::newRow("no id") << R"({"call": "probe", "arguments": {}})"
                               << "message.id: is missing";
        QTest::newRow("id below 0") << R"({"id": -1, "call": "probe", "arguments": {}})"
                                    << "negative";
        QTest::newRow("id a text") << R"({"id": "1", "call": "probe", "arguments": {}})"
                                   << "whole number";
        QTest::newRow("id beyond 63 bits") << R"({"id": 18446744073709551615, "result": {}})"
                                           << "whole number";
        QTest::newRow("nothing to do") << R"({"id": 1})"
                                       << "message.call: is missing";
        QTest::newRow("call a number") << R"({"id": 1, "call": 5, "arguments": {}})"
                                       << "message.call: is not a text";
        QTest::newRow("no arguments") << R"({"id": 1, "call": "probe"})"
                                      << "message.arguments: is not a map";
        QTest::newRow("result a list") << R"({"id": 1, "result": []})"
                                       << "message.result: is not a map";
        QTest::newRow("error a text") << R"({"id": 1, "error": "no"})"
                                      << "message.error: is not a map";
        QTest::newRow("progress without numbers") << R"({"id": 1, "progress": {"phase": "x"}})"
                                                  << "done: is missing";
    }

    void whatIsNoMessageIsRefused()
    {
        QFETCH(QString, json);
        QFETCH(QString, says);
        const auto decoded = decode(writeCbor(Json::parse(json.toStdString())));
        QVERIFY(!decoded);
        QCOMPARE(decoded.error().kind, Error::Kind::BadInput);
        QVERIFY2(text(decoded.error()).contains(says), decoded.error().text.c_str());
    }

    void hostilePayloadsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("payload");
        const auto row = [](const char* name, const Bytes& bytes) {
            QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                              static_cast<qsizetype>(bytes.size()));
        };
        row("empty", {});
        row("a text of four gigabytes", {0x7a, 0xff, 0xff, 0xff, 0xff, 'a'});
        row("bytes of 2^63", {0x5b, 0x80, 0, 0, 0, 0, 0, 0, 0, 1});
        row("a list of 2^64 - 1", {0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1});
        row("a map whose values would be 2^64", {0xbb, 0x80, 0, 0, 0, 0, 0, 0, 0, 1});
        row("lists a million deep", nested(0x81, 1'000'000));
        row("open lists a million deep", nested(0x9f, 1'000'000));
        row("open texts a million deep", nested(0x7f, 1'000'000));
        row("open bytes a million deep", nested(0x5f, 1'000'000));
        row("tags a million deep", nested(0xc1, 1'000'000));
        row("seventeen levels", nested(0x81, maxDepth + 1));
        row("two million small values", [] {
            Bytes bytes{0x9a, 0x00, 0x1e, 0x84, 0x80};
            bytes.resize(bytes.size() + 2'000'000, 0x00);
            return bytes;
        }());
        row("a head without its number", {0x1b, 0, 0});
        row("a reserved head", {0x1c});
        row("bytes left over", {0xa0, 0x00});
        row("a stop without a start", {0xff});
    }

    void hostilePayloadsAreRefused()
    {
        QFETCH(QByteArray, payload);
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(payload.constData());
        const auto read = readCbor({bytes, static_cast<std::size_t>(payload.size())});
        QVERIFY(!read);
        QCOMPARE(read.error().kind, Error::Kind::BadInput);
        QVERIFY(!read.error().text.empty());
    }

    void theDeepestAllowedIsRead() { QVERIFY(readCbor(nested(0x81, maxDepth))); }

    void everyTruncationIsRefused()
    {
        const Bytes payload = payloadOf(sample());
        QVERIFY(decode(payload));
        for (std::size_t length = 0; length < payload.size(); ++length)
            QVERIFY(!decode({payload.data(), length}));
    }

    void changedBytesNeverDoHarm()
    {
        const Bytes payload = payloadOf(sample());
        for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
            Random random(seed);
            Bytes changed = payload;
            for (int i = 0; i < 3; ++i)
                changed[random.below(changed.size())] = static_cast<std::uint8_t>(random.next());
            const auto decoded = decode(changed);
            if (!decoded)
                QCOMPARE(decoded.error().kind, Error::Kind::BadInput);
            else if (const auto* reply = std::get_if<Reply>(&*decoded))
                (void)Fields(reply->result, "reply").array<float>("scores");
        }
    }

    void garbageNeverDoesHarm()
    {
        for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
            Random random(seed);
            Bytes garbage(1 + random.below(200));
            for (auto& byte : garbage)
                byte = static_cast<std::uint8_t>(random.next());
            (void)decode(garbage);
        }
    }

    void arraysKeepTheirTypeAndShape()
    {
        const std::vector<std::uint8_t> pixels = {1, 2, 3, 4, 5, 6};
        const Json json =
            readCbor(writeCbor(arrayJson(std::span<const std::uint8_t>(pixels), {1, 2, 3}))).value();
        QCOMPARE(*arrayValues<std::uint8_t>(json, "pixels"), pixels);
        QCOMPARE(arrayView(json, "pixels")->shape, (std::vector<std::int64_t>{1, 2, 3}));
        QVERIFY(arrayValues<std::int64_t>(readCbor(writeCbor(arrayJson(std::vector<std::int64_t>{}))).value(),
                                          "rows")
                    ->empty());
        const auto wrongType = arrayValues<float>(json, "pixels");
        QVERIFY(!wrongType);
        QCOMPARE(text(wrongType.error()), QString("pixels: holds uint8, not float32"));
    }

    void arraysThatLieAreRefused_data()
    {
        QTest::addColumn<QString>("dtype");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<int>("bytes");
        QTest::newRow("too few bytes") << "int32"
                                       << "[4]" << 12;
        QTest::newRow("too many bytes") << "int32"
                                        << "[2]" << 12;
        QTest::newRow("half an element") << "int32"
                                         << "[3]" << 13;
        QTest::newRow("negative extents") << "uint8"
                                          << "[-2, -3]" << 6;
        QTest::newRow("a product that overflows to 4") << "uint8"
                                                       << "[2147483647, 2147483647, 2147483647, 4]" << 4;
        QTest::newRow("no extents") << "uint8"
                                    << "[]" << 1;
        QTest::newRow("nine extents") << "uint8"
                                      << "[1,1,1,1,1,1,1,1,1]" << 1;
        QTest::newRow("fractional extents") << "uint8"
                                            << "[1.5]" << 1;
        QTest::newRow("unknown type") << "object"
                                      << "[1]" << 8;
        QTest::newRow("nothing times much") << "uint8"
                                            << "[0, 5]" << 5;
    }

    void arraysThatLieAreRefused()
    {
        QFETCH(QString, dtype);
        QFETCH(QString, shape);
        QFETCH(int, bytes);
        const Json json = {{"dtype", dtype.toStdString()},
                           {"shape", Json::parse(shape.toStdString())},
                           {"bytes", Json::binary(Bytes(static_cast<std::size_t>(bytes)))}};
        const auto view = arrayView(json, "scores");
        QVERIFY(!view);
        QVERIFY(text(view.error()).startsWith("scores: "));
    }

    void theFirstWrongFieldIsNamed()
    {
        const Json json = {
            {"rows", 5}, {"cut", {{"count", "many"}}}, {"list", {{{"a", 1}}, {{"a", nullptr}}}}};
        const Fields fields(json, "treat");
        QCOMPARE(fields.map("cut").integer("count"), std::int64_t{0});
        QVERIFY(fields.array<std::int64_t>("rows").empty());
        QCOMPARE(text(fields.check().error()), QString("treat.cut.count: is not a whole number"));

        const Fields second(json, "treat");
        (void)second.maps("list")[1].integer("a");
        QCOMPARE(text(second.check().error()), QString("treat.list[1].a: is not a whole number"));
    }

    void whatIsNullCountsAsNotGiven()
    {
        const Json json = {{"rows", nullptr}};
        const Fields fields(json, "choose_failures");
        QVERIFY(!fields.optionalArray<std::int64_t>("rows"));
        QVERIFY(!fields.optionalText("name"));
        QVERIFY(fields.flag("control", true));
        QVERIFY(fields.check());
    }

    void anotherVersionIsSaidInASentence()
    {
        const auto hello = helloOf(helloJson({protocolVersion + 1, "9.0.0", "2.4.0"}));
        QVERIFY(hello);
        const auto checked = requireSameProtocol(*hello, "the engine");
        QVERIFY(!checked);
        QCOMPARE(checked.error().kind, Error::Kind::Unsupported);
        QVERIFY(
            text(checked.error()).startsWith("the engine (version 9.0.0) speaks protocol 2, this program"));
        QVERIFY(requireSameProtocol({}, "the engine"));
    }
};

QTEST_APPLESS_MAIN(TestMessage)
#include "tst_message.moc"
