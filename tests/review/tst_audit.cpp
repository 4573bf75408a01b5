// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/audit.h"
#include "review_samples.h"

#include <QTest>
#include <algorithm>
#include <functional>

using namespace culprit::review;
using namespace culprit::review::samples;

namespace {

/// Twenty decisions on as many images.
std::vector<Entry> trail()
{
    Journal journal;
    for (int i = 0; i < 20; ++i) {
        const Edit edits[] = {{image(i), relabel(i % 3, "because")}};
        auto step = journal.decide(edits, stamp());
        if (!step || !journal.adopt(*step))
            return {};
    }
    return {journal.entries().begin(), journal.entries().end()};
}

ChainHead headOf(const std::vector<Entry>& entries)
{
    return {entries.back().sequence, entries.back().hash};
}

using Tamper = std::function<void(std::vector<Entry>&)>;

} // namespace

Q_DECLARE_METATYPE(Tamper)

class AuditTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anUntouchedTrailHolds();
    void findsTheLine_data();
    void findsTheLine();
    void neverReadsTwoEntriesAlike();
    void hashIsFixed();
    void times_data();
    void times();
    void refusesImpossibleDecisions();
};

void AuditTest::anUntouchedTrailHolds()
{
    const auto entries = trail();
    QCOMPARE(entries.size(), std::size_t{20});
    QVERIFY(checkChain(entries, headOf(entries), "t"));
    QVERIFY(checkChain({}, {}, "t"));
}

void AuditTest::findsTheLine_data()
{
    QTest::addColumn<Tamper>("tamper");
    QTest::addColumn<QByteArray>("named");

    const auto row = [](const char* name, const QByteArray& named, Tamper tamper) {
        QTest::newRow(name) << tamper << named;
    };
    row("verdict", "line 7 ", [](auto& e) { e[6].to = keep(); });
    row("earlier verdict", "line 7 ", [](auto& e) { e[6].from = keep(); });
    row("class", "line 7 ", [](auto& e) { e[6].to.label = 9; });
    row("note", "line 7 ", [](auto& e) { e[6].to.note += "!"; });
    row("time", "line 7 ", [](auto& e) { e[6].time = "2024-05-17T09:30:01Z"; });
    row("reviewer", "line 7 ", [](auto& e) { e[6].reviewer = "Bob"; });
    row("image", "line 7 ", [](auto& e) { e[6].image.index = 99; });
    row("part", "line 7 ", [](auto& e) { e[6].image.part = culprit::data::Part::Test; });
    row("action", "line 7 ", [](auto& e) { e[6].action = Action::Undo; });
    row("step", "line 7 ", [](auto& e) { e[6].step = 6; });
    row("hash", "line 7 ", [](auto& e) { e[6].hash = std::string(64, 'a'); });
    row("dropped", "line 7 is missing", [](auto& e) { e.erase(e.begin() + 6); });
    row("dropped and renumbered", "line 7 ", [](auto& e) {
        e.erase(e.begin() + 6);
        for (std::size_t i = 6; i < e.size(); ++i)
            --e[i].sequence;
    });
    row("first dropped", "line 1 is missing", [](auto& e) { e.erase(e.begin()); });
    row("last dropped", "line 20 of 20 is missing", [](auto& e) { e.pop_back(); });
    row("all dropped", "line 1 of 20 is missing", [](auto& e) { e.clear(); });
    row("swapped", "line 7 is missing", [](auto& e) { std::swap(e[6], e[7]); });
    row("swapped and renumbered", "line 7 ", [](auto& e) {
        std::swap(e[6], e[7]);
        std::swap(e[6].sequence, e[7].sequence);
    });
    row("twice", "line 7 ", [](auto& e) { e.insert(e.begin() + 7, e[6]); });
    row("one more, well chained", "line 21 was added", [](auto& e) {
        Entry more = e.back();
        ++more.sequence;
        more.hash = chainHash(e.back().hash, more);
        e.push_back(more);
    });
    row("last rewritten, well chained", "line 20, the last", [](auto& e) {
        e.back().to = keep();
        e.back().hash = chainHash(e[18].hash, e.back());
    });
}

void AuditTest::findsTheLine()
{
    QFETCH(Tamper, tamper);
    QFETCH(QByteArray, named);
    auto entries = trail();
    const auto head = headOf(entries);
    tamper(entries);
    const auto checked = checkChain(entries, head, "case.culprit");
    QVERIFY(!checked);
    // Line by line, as a journal does, and the end apart: the same.
    ChainHead reached;
    culprit::Expected<void> linked;
    for (auto entry = entries.begin(); entry != entries.end() && linked; ++entry) {
        linked = checkLink(reached, *entry, "case.culprit");
        reached = {entry->sequence, entry->hash};
    }
    QCOMPARE((linked ? checkEnd(reached, head, "case.culprit") : linked).error().text, checked.error().text);
    const auto text = QByteArray::fromStdString(checked.error().text);
    QVERIFY2(text.startsWith("case.culprit: ") && text.contains(named), text.constData());
    QVERIFY2(text.contains("earlier copy"), text.constData());
}

/// Without the lengths, "Ada" + "b…" and "Adab" + "…" would be one text.
void AuditTest::neverReadsTwoEntriesAlike()
{
    Entry one{.sequence = 1, .step = 1, .time = "t", .reviewer = "ab", .to = keep("c")};
    Entry other = one;
    other.time = "ta";
    other.reviewer = "b";
    QVERIFY(chainHash(chainStart, one) != chainHash(chainStart, other));
    QVERIFY(chainHash(chainStart, one) != chainHash(std::string(64, '1'), one));
}

/// Trails written by earlier versions must stay valid: this value may never change.
void AuditTest::hashIsFixed()
{
    const Entry entry{.sequence = 1,
                      .step = 1,
                      .time = "2024-05-17T09:30:00Z",
                      .reviewer = "Ada",
                      .image = image(42),
                      .to = relabel(9, "a nine")};
    QCOMPARE(QByteArray::fromStdString(chainHash(chainStart, entry)),
             QByteArray("326147f8cbdd3c9a302f8018ca01a9a3679dad3d87610c2b6ac390d5d15bc752"));
}

void AuditTest::times_data()
{
    QTest::addColumn<QByteArray>("time");
    QTest::addColumn<bool>("good");
    QTest::newRow("seconds") << QByteArray("2024-05-17T09:30:00Z") << true;
    QTest::newRow("milliseconds") << QByteArray("2024-05-17T09:30:00.123Z") << true;
    QTest::newRow("local") << QByteArray("2024-05-17T09:30:00+0200") << false;
    QTest::newRow("no zone") << QByteArray("2024-05-17T09:30:00") << false;
    QTest::newRow("bare point") << QByteArray("2024-05-17T09:30:00.Z") << false;
    QTest::newRow("blank") << QByteArray("2024-05-17 09:30:00Z") << false;
    QTest::newRow("short") << QByteArray("2024Z") << false;
    QTest::newRow("empty") << QByteArray() << false;
}

void AuditTest::times()
{
    QFETCH(QByteArray, time);
    QFETCH(bool, good);
    QCOMPARE(checkStamp(time.toStdString(), "Ada").has_value(), good);
}

void AuditTest::refusesImpossibleDecisions()
{
    QVERIFY(checkDecision(relabel(0, "fine")));
    QVERIFY(!checkDecision({Verdict::Relabel, -1, ""}));
    QVERIFY(!checkDecision({Verdict::Keep, 3, ""}));
    QVERIFY(!checkDecision(keep(std::string(5000, 'x'))));
    QVERIFY(!checkDecision(keep(std::string("a\0b", 3))));
    QVERIFY(!checkStamp(stamp().time, ""));
    QVERIFY(!checkStamp(stamp().time, "A\nB"));
    QVERIFY(!checkStamp(stamp().time, std::string(201, 'x')));
}

QTEST_APPLESS_MAIN(AuditTest)
#include "tst_audit.moc"
