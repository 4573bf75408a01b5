// SPDX-License-Identifier: GPL-3.0-or-later
// What a person decided on its way into the report, and what an institution asks of every page.
#include "report/policy.h"
#include "report/review_section.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace culprit;
using namespace culprit::report;
using review::Verdict;

namespace {

const std::vector<std::string> classes{"0", "=1+1", "<b>"};

data::ImageId train(std::int64_t index)
{
    return {data::Part::Train, index};
}

void decide(review::Journal& journal, const std::string& reader, const std::vector<review::Edit>& edits)
{
    const auto step = journal.decide(edits, {"2024-05-17T09:30:00Z", reader});
    QVERIFY(step);
    QVERIFY(journal.adopt(*step));
}

review::Journal twoReaders()
{
    review::Journal journal;
    decide(journal, "Ada",
           {{train(7), {Verdict::Relabel, 2, "a,b\"c\n\u202Ex"}},
            {train(3), {Verdict::Keep, -1, ""}},
            {train(4), {Verdict::Exclude, -1, "=1+1"}},
            {train(5), {Verdict::Flag, -1, ""}},
            {train(9), {Verdict::Undecided, -1, "ask"}}});
    decide(journal, "Bo",
           {{train(7), {Verdict::Relabel, 2, ""}},
            {train(3), {Verdict::Exclude, -1, ""}},
            {train(4), {Verdict::Exclude, -1, ""}}});
    return journal;
}

} // namespace

class TestReviewSection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhatWasDecided()
    {
        const auto journal = twoReaders();
        const auto review = reviewSectionOf(journal, "Ada", 100, classes);
        QVERIFY(review);
        const auto& counts = review->counts;
        QCOMPARE(counts.kept, 1);
        QCOMPARE(counts.relabelled, 1);
        QCOMPARE(counts.excluded, 1);
        QCOMPARE(counts.flagged, 1);
        QCOMPARE(counts.undecided, 96);
        QCOMPARE(decisionOn(*review, 7)->label, std::string("<b>"));
        QCOMPARE(decisionOn(*review, 9)->note, std::string("ask"));
        QVERIFY(!decisionOn(*review, 8));
        QCOMPARE(review->trailLines, 8);
        QCOMPARE(review->trailHash, journal.head().hash);
    }

    void comparesTheReaders()
    {
        const auto review = reviewSectionOf(twoReaders(), "Ada", 100, classes);
        QCOMPARE(review->others.size(), std::size_t{1});
        QCOMPARE(review->others[0].reader, std::string("Bo"));
        QCOMPARE(review->others[0].images, 3);
        QCOMPARE(review->others[0].agreed, 2);
        // By chance 1/3·1/3 relabel, 1/3·2/3 exclude: 1/3; (2/3 − 1/3)/(1 − 1/3).
        QVERIFY(std::abs(*review->others[0].kappa - 0.5) < 1e-12);
    }

    void aPageGetsWhatItCanShow()
    {
        const auto review = *reviewSectionOf(twoReaders(), "Ada", 100, classes);
        const std::vector<std::int64_t> ranking{80, 5, 3, 7, 4, 9};
        const auto page = forPage(review, ranking, 2);
        QCOMPARE(page.counts.undecided, 96);
        std::vector<std::int64_t> shown;
        for (const auto& each : page.decisions)
            shown.push_back(each.index);
        QCOMPARE(shown, (std::vector<std::int64_t>{3, 4, 5, 7})); // 9 is the third with a note
    }

    void nothingDecidedIsNothing() { QVERIFY(!reviewSectionOf(twoReaders(), "Cy", 100, classes)); }

    void readsBackWhatItWrote()
    {
        auto review = *reviewSectionOf(twoReaders(), "Ada", 100, classes);
        review.isAfterRepair = true;
        const auto back = reviewFromJson(toJson(review), "test");
        QVERIFY(back);
        QCOMPARE(toJson(*back), toJson(review));
        QCOMPARE(back->decisions.size(), std::size_t{5});
        QCOMPARE(decisionOn(*back, 7)->note, std::string("a,b\"c\n\u202Ex"));
        QVERIFY(back->isAfterRepair);
    }

    void refusesWhatIsNoReview_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("no object") << QByteArray("[]");
        QTest::newRow("missing") << QByteArray(R"({"reader": "Ada"})");
        QByteArray text(toJson(*reviewSectionOf(twoReaders(), "Ada", 100, classes)).c_str());
        QTest::newRow("no verdict") << QByteArray(text).replace("exclude", "explode");
        QTest::newRow("out of order") << QByteArray(text).replace("\"index\":3", "\"index\":8");
        QTest::newRow("wrong type") << QByteArray(text).replace("\"images\":100", "\"images\":\"100\"");
    }

    void refusesWhatIsNoReview()
    {
        QFETCH(const QByteArray, text);
        const auto read = reviewFromJson(text.toStdString(), "the review");
        QVERIFY(!read);
        QVERIFY(read.error().text.find("the review") != std::string::npos);
    }

    void readsPolicies()
    {
        const QTemporaryDir folder;
        const auto write = [&](const char* name, const QByteArray& content) {
            QFile file(folder.filePath(name));
            if (file.open(QIODevice::WriteOnly))
                file.write(content);
            return std::filesystem::path(file.fileName().toStdString());
        };
        const auto machine = write("machine.json", R"({"banner": "Research\n only ", "hide_paths": true})");
        const auto own = write("own.json", R"({"banner": "Research only", "hide_paths": false})");
        const auto longest = write("long.json", "{\"banner\": \"" + QByteArray("é").repeated(400) + "\"}");
        const auto broken = write("broken.json", "{banner");
        const auto policy = readPolicy({machine, own, longest, folder.filePath("no").toStdString(), broken});
        QCOMPARE(policy.banners.size(), std::size_t{2});
        QCOMPARE(policy.banners[0], std::string("Research only"));
        QCOMPARE(QString::fromStdString(policy.banners[1]).size(), 300);
        QVERIFY(policy.hidesPaths);
        QCOMPARE(policy.unreadable, std::vector{broken});
    }
};

QTEST_APPLESS_MAIN(TestReviewSection)
#include "tst_review_section.moc"
