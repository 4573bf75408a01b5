// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace culprit;

namespace {

std::span<const std::byte> bytesOf(const QByteArray& bytes)
{
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

std::filesystem::path written(const QTemporaryDir& folder, const QByteArray& bytes)
{
    QFile file(folder.filePath("file"));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write the test file");
    return file.fileName().toStdString();
}

} // namespace

class HashTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sha256Vectors_data();
    void sha256Vectors();
    void filesLongerThanTheBuffer();
    void filesThatCannotBeRead();
    void fingerprintVectors_data();
    void fingerprintVectors();
    void fingerprintTakesPieces();
    void fingerprintSurvivesMoves();
};

void HashTest::sha256Vectors_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("digest");
    // FIPS 180-2, appendix B, and the empty message.
    QTest::newRow("empty") << QByteArray()
                           << "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    QTest::newRow("abc") << QByteArray("abc")
                         << "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                << "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
    QTest::newRow("million") << QByteArray(1000000, 'a')
                             << "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
}

void HashTest::sha256Vectors()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, digest);
    QCOMPARE(QString::fromStdString(sha256(bytesOf(bytes))), digest);

    QTemporaryDir folder;
    const auto ofFile = sha256OfFile(written(folder, bytes));
    QVERIFY(ofFile.has_value());
    QCOMPARE(QString::fromStdString(*ofFile), digest);
}

void HashTest::filesLongerThanTheBuffer()
{
    QByteArray bytes(3 * (1 << 20) + 17, Qt::Uninitialized);
    for (qsizetype i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 31 + i / 257);
    QTemporaryDir folder;
    const auto ofFile = sha256OfFile(written(folder, bytes));
    QVERIFY(ofFile.has_value());
    QCOMPARE(QByteArray::fromStdString(*ofFile),
             QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

void HashTest::filesThatCannotBeRead()
{
    QTemporaryDir folder;
    const auto missing = sha256OfFile(folder.filePath("missing.pt").toStdString());
    QVERIFY(!missing.has_value());
    QVERIFY(missing.error().kind == Error::Kind::NotFound);
    QVERIFY(QString::fromStdString(missing.error().text).contains("missing.pt"));

    const auto directory = sha256OfFile(folder.path().toStdString());
    QVERIFY(!directory.has_value());
    QVERIFY(directory.error().kind == Error::Kind::Io || directory.error().kind == Error::Kind::NotFound);
}

void HashTest::fingerprintVectors_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("hex");
    // `xxhsum -H2` of the same bytes.
    QTest::newRow("empty") << QByteArray() << "99aa06d3014798d86001c324468d497f";
    QTest::newRow("abc") << QByteArray("abc") << "06b05ab6733a618578af5f94892f3950";
}

void HashTest::fingerprintVectors()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, hex);
    Fingerprint fingerprint;
    fingerprint.add(bytesOf(bytes));
    QCOMPARE(QString::fromStdString(fingerprint.hex()), hex);
}

void HashTest::fingerprintTakesPieces()
{
    Fingerprint whole;
    whole.add("one and two");
    Fingerprint pieces;
    pieces.add("one ");
    pieces.add("and");
    pieces.add(std::string_view());
    pieces.add(" two");
    QCOMPARE(pieces.hex(), whole.hex());

    Fingerprint reversed;
    reversed.add(" two");
    reversed.add("one and");
    QVERIFY(reversed.hex() != whole.hex());
}

void HashTest::fingerprintSurvivesMoves()
{
    Fingerprint first;
    first.add("ab");
    Fingerprint second = std::move(first);
    second.add("c");
    Fingerprint third;
    third = std::move(second);
    Fingerprint whole;
    whole.add("abc");
    QCOMPARE(third.hex(), whole.hex());
}

QTEST_APPLESS_MAIN(HashTest)
#include "tst_hash.moc"
