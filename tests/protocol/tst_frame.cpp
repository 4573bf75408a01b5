// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "protocol/frame.h"

#include <QTest>
#include <algorithm>
#include <numeric>

using namespace culprit;
using namespace culprit::protocol;

namespace {

Bytes numbered(std::size_t count)
{
    Bytes bytes(count);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
    return bytes;
}

Bytes announcing(std::uint64_t length)
{
    Bytes header;
    for (std::size_t i = 0; i < frameHeaderBytes; ++i)
        header.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
    return header;
}

std::vector<Bytes> takeAll(FrameDecoder& decoder)
{
    std::vector<Bytes> frames;
    while (auto frame = decoder.next())
        frames.push_back(std::move(*frame));
    return frames;
}

/// Feeds the stream in pieces of random size.
std::vector<Bytes> inPieces(const Bytes& stream, std::uint64_t seed, std::size_t largest)
{
    Random random(seed);
    FrameDecoder decoder;
    std::vector<Bytes> frames;
    for (std::size_t at = 0; at < stream.size();) {
        const std::size_t piece = std::min<std::size_t>(1 + random.below(largest), stream.size() - at);
        if (!decoder.add({stream.data() + at, piece}))
            break;
        at += piece;
        for (auto& frame : takeAll(decoder))
            frames.push_back(std::move(frame));
    }
    return frames;
}

} // namespace

class TestFrame : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theLengthComesFirstLeastSignificantByteFirst()
    {
        const Bytes payload(258, 7);
        const Bytes frame = *frameOf(payload);
        QCOMPARE(frame.size(), payload.size() + 4);
        QCOMPARE(Bytes(frame.begin(), frame.begin() + 4), (Bytes{2, 1, 0, 0}));
    }

    void anyPiecesGiveTheSameFrames_data()
    {
        QTest::addColumn<int>("largest");
        QTest::newRow("byte by byte") << 1;
        QTest::newRow("shorter than a header") << 3;
        QTest::newRow("about a frame") << 300;
        QTest::newRow("many frames at once") << (1 << 20);
    }

    void anyPiecesGiveTheSameFrames()
    {
        QFETCH(int, largest);
        std::vector<Bytes> payloads;
        Bytes stream;
        for (const std::size_t size : {1, 2, 300, 3, 70'000, 1, 4}) {
            payloads.push_back(numbered(size));
            const Bytes frame = *frameOf(payloads.back());
            stream.insert(stream.end(), frame.begin(), frame.end());
        }
        for (std::uint64_t seed = 0; seed < 5; ++seed)
            QCOMPARE(inPieces(stream, seed, static_cast<std::size_t>(largest)), payloads);
    }

    void aFrameWaitsForItsLastByte()
    {
        FrameDecoder decoder;
        const Bytes frame = *frameOf(numbered(10));
        QVERIFY(decoder.add({frame.data(), frame.size() - 1}));
        QVERIFY(!decoder.next());
        QCOMPARE(decoder.pending(), frame.size() - 1);
        QVERIFY(decoder.add({frame.data() + frame.size() - 1, 1}));
        QCOMPARE(*decoder.next(), numbered(10));
        QCOMPARE(decoder.pending(), std::size_t{0});
    }

    void aHostileLengthIsRefusedAndStaysRefused_data()
    {
        QTest::addColumn<quint64>("length");
        QTest::newRow("nothing") << quint64{0};
        QTest::newRow("one too many") << quint64{maxFrameBytes + 1};
        QTest::newRow("four gigabytes") << quint64{0xffffffff};
        QTest::newRow("a shell prompt") << quint64{0x63656c41}; // "Alec"
    }

    void aHostileLengthIsRefusedAndStaysRefused()
    {
        QFETCH(quint64, length);
        FrameDecoder decoder;
        Bytes stream = *frameOf(numbered(5));
        const Bytes hostile = announcing(length);
        stream.insert(stream.end(), hostile.begin(), hostile.end());
        const auto added = decoder.add(stream);
        QVERIFY(!added);
        QCOMPARE(added.error().kind, Error::Kind::BadInput);
        QVERIFY(added.error().text.find(std::to_string(length)) != std::string::npos);
        QCOMPARE(*decoder.next(), numbered(5)); // what was complete before is not lost
        QVERIFY(!decoder.next());
        QVERIFY(!decoder.add(*frameOf(numbered(5))));
        QVERIFY(!decoder.next());
    }

    void anAnnouncedLengthTakesNoMemory()
    {
        FrameDecoder decoder;
        QVERIFY(decoder.add(announcing(maxFrameBytes)));
        QVERIFY(decoder.add(numbered(3)));
        QCOMPARE(decoder.pending(), std::size_t{7});
        QVERIFY(!decoder.next());
    }

    void aPayloadBeyondTheLimitIsNotSent()
    {
        const auto frame = frameOf(Bytes(maxFrameBytes + 1));
        QVERIFY(!frame);
        QCOMPARE(frame.error().kind, Error::Kind::Unsupported);
    }

    void garbageEndsInFramesOrInAnError()
    {
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            Random random(seed);
            Bytes stream(random.below(400));
            for (auto& byte : stream)
                byte = static_cast<std::uint8_t>(random.chance(0.6) ? random.below(4) : random.next());
            std::size_t bytes = 0;
            for (const auto& frame : inPieces(stream, seed, 50))
                bytes += frame.size() + frameHeaderBytes;
            QVERIFY(bytes <= stream.size());
        }
    }
};

QTEST_APPLESS_MAIN(TestFrame)
#include "tst_frame.moc"
