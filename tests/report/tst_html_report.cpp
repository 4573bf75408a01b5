// SPDX-License-Identifier: GPL-3.0-or-later
// The page as text: what must be in it, what must never be, and that a missing section leaves no trace. With
// CULPRIT_REPORT_SAMPLE=FILE in the environment the sample is also written there, for a person to look at.
#include "report/html_report.h"
#include "report/html_text.h"

#include "sample_report.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#ifdef QT_GUI_LIB
#include <QImage>
#endif

using namespace culprit;
using namespace culprit::report;

namespace {

constexpr const char* pngSignature = "\x89PNG\r\n\x1a\n";

QString page(const ReportInput& input)
{
    return QString::fromStdString(htmlReport(input));
}

ReportInput emptyInput()
{
    ReportInput input;
    input.result.tool = {"0.1.0", "1.13.1", "cpu", 1, 0};
    return input;
}

/// Every data URI of the page, decoded.
QList<QByteArray> picturesOf(const QString& html)
{
    QList<QByteArray> pictures;
    static const QRegularExpression uri("src=\"data:image/png;base64,([^\"]*)\"");
    for (auto match = uri.globalMatch(html); match.hasNext();)
        pictures << QByteArray::fromBase64(match.next().captured(1).toLatin1());
    return pictures;
}

/// Names of the elements and attributes in the page, as one text; whoever smuggles one in shows up here.
QSet<QString> tagsOf(const QString& html)
{
    QSet<QString> tags;
    static const QRegularExpression tag("<([a-zA-Z][a-zA-Z0-9-]*)");
    for (auto match = tag.globalMatch(html); match.hasNext();)
        tags << match.next().captured(1).toLower();
    return tags;
}

const std::string hostile =
    "</title><script>alert(1)</script><img src=x onerror='alert(2)'>\" onload=\"x&amp;\u202E";

ReportInput hostileInput(const data::ImageSet& train, const data::ImageSet& test)
{
    ReportInput input = sample::input(train, test);
    auto& result = input.result;
    result.tool.version = result.tool.libtorch = result.tool.device = hostile;
    result.model->path = result.model->sha256 = result.data->path = result.data->format = hostile;
    result.data->trainLabels = hostile;
    result.data->classes.assign(10, hostile);
    result.identification->method = result.identification->cut.name = hostile;
    result.identification->notes = result.treatments[0].notes = result.control->notes = {hostile};
    result.best = result.treatments[0].method = hostile;
    for (auto& row : input.causes)
        row.split = row.file = row.label = row.predicted = row.suggested = hostile;
    input.causes[0].label = "4";
    for (auto& row : input.failures)
        row.file = row.label = row.predicted = hostile;
    input.command = input.date = hostile;
    return input;
}

} // namespace

class TestHtmlReport : public QObject {
    Q_OBJECT

private:
    data::ImageSet m_train = sample::digits(data::Part::Train, 3000);
    data::ImageSet m_test = sample::digits(data::Part::Test, 2000);

private Q_SLOTS:
    void theSampleIsWrittenForPeople()
    {
        QTemporaryDir folder;
        QFile file(qEnvironmentVariable("CULPRIT_REPORT_SAMPLE", folder.filePath("report.html")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        ReportInput input = sample::input(m_train, m_test);
        input.review = sample::review(input.causes);
        input.result.treatments[0].cases = sample::cases();
        input.banners = {"For research use only. Not for diagnosis."};
        QVERIFY(file.write(page(input).toUtf8()) > 0);
    }

    void theFindingComesFirst()
    {
        const QString html = page(sample::input(m_train, m_test));
        const QString finding =
            "Relabelling and rehearsing repaired 61 of 96 held-out failures; accuracy on the whole "
            "test set rose from 89.8\u202F% to 95.7\u202F%. The same treatment of as many randomly "
            "chosen images repaired 12.";
        QVERIFY(html.contains(finding));
        QVERIFY(html.indexOf(finding) < html.indexOf("<h2>"));
    }

    void decisionsAreShown()
    {
        ReportInput input = sample::input(m_train, m_test);
        QVERIFY(!page(input).contains("id=\"review\""));
        input.review = sample::review(input.causes);
        input.causes[1].selected = false; // kept, so no culprit any more
        const QString html = page(input);
        for (const char* text :
             {"12: 3 kept, 3 relabelled, 3 excluded, 3 flagged as ambiguous; 2,988 undecided of 3,000 "
              "training",
              "decided 10 of these images too and agreed on 8 (80.0\u202F%); Cohen’s kappa 0.72",
              "23 lines, the last with hash <code>ccc", "Relabelled to <b>", "clearly written",
              "neither can be told", "Undecided</div>"})
            QVERIFY2(html.contains(QString::fromUtf8(text)), text);
        QCOMPARE(html.count("class=\"decision\">Kept <span class=\"dim\">by <bdi>A. Reader"), 3);
        QVERIFY(!html.contains("after the repair"));
        input.review->isAfterRepair = true;
        QVERIFY(page(input).contains("made or changed after the repair"));
    }

    void notesCannotBecomeMarkup()
    {
        ReportInput input = sample::input(m_train, m_test);
        input.review = sample::review(input.causes);
        const auto tags = tagsOf(page(input));
        input.review->reader = input.review->others[0].reader = input.review->trailHash = hostile;
        for (auto& decision : input.review->decisions)
            decision.note = decision.label = hostile + hostile + "=1+1 a,b\"c";
        input.banners = {hostile};
        const QString html = page(input);
        QCOMPARE(tagsOf(html), tags);
        QVERIFY(!html.contains("<script") && !html.contains("onerror='") && !html.contains(QChar(0x202E)));
    }

    void casesAreShown()
    {
        ReportInput input = sample::input(m_train, m_test);
        QVERIFY(!page(input).contains("id=\"cases\""));
        input.result.treatments[0].cases = sample::cases();
        const QString html = page(input);
        QVERIFY(html.contains("The test set has 40 cases"));
        QVERIFY(html.contains("88.1\u202F%</span> → 94.9\u202F%"));
        QVERIFY(html.contains("32.5\u202F%</span> → 55.0\u202F%"));
    }

    void bannersComeFirst()
    {
        ReportInput input = sample::input(m_train, m_test);
        input.banners = {"For research use only."};
        const QString html = page(input);
        const auto at = html.indexOf("For research use only.");
        QVERIFY(at > 0 && at < html.indexOf("<h1>"));
    }

    void filesCanStayUnnamed()
    {
        ReportInput input = sample::input(m_train, m_test);
        input.command += " --decisions 'Mrs Miller.csv' --query-fraction 0.5 --failures /home/m/f";
        input.result.identification->notes = {"read /data/Miller/x.csv"};
        for (auto& row : input.causes)
            row.file = "Miller/17.png";
        for (auto& row : input.failures)
            row.file = "Miller/18.png";
        const QString html = page(withoutPaths(input));
        for (const char* secret : {"models/", "digits.pt", "data/digits", "noisy_labels", "Miller", "/home"})
            QVERIFY2(!html.contains(secret), secret);
        QVERIFY(html.contains("culprit-cli run --model … --data … --train-labels … --seed 7 --decisions … "
                              "--query-fraction 0.5 --failures …"));
    }

    void everySectionIsThereInOrder()
    {
        const QString html = page(sample::input(m_train, m_test));
        qsizetype last = 0;
        for (const char* section : {"asked", "method", "culprits", "changed", "classes", "confusion",
                                    "failures", "limits", "reproduce", "notes"}) {
            const qsizetype at = html.indexOf(QStringLiteral("<section id=\"%1\">").arg(section));
            QVERIFY2(at > last, section);
            last = at;
        }
    }

    void whatWasGivenIsShown_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"models/digits.pt",
                                 "431,080 parameters",
                                 "data/digits",
                                 "noisy_labels.npy",
                                 "108 query, 96 held out",
                                 "<b>Held out</b> means",
                                 "<code>culprit</code>",
                                 "<code>fdr</code> takes the first 312 of 3,000",
                                 "an estimated 93.0\u202F% of them rightly",
                                 "average precision 0.981",
                                 "9.0 times one plain pass",
                                 "chose 12 gentle steps",
                                 "batch halved once",
                                 "★ recommended",
                                 "random control",
                                 "2024-05-17",
                                 "culprit-cli run --model models/digits.pt",
                                 "A culprit is a suspect, not a verdict",
                                 "2 images could not be read",
                                 "The first 90 of 312 culprits",
                                 "30 of 204 test images"})
            QTest::newRow(text) << QString::fromUtf8(text);
        QTest::newRow("hash") << QString(64, 'a');
    }

    void whatWasGivenIsShown()
    {
        QFETCH(QString, text);
        QVERIFY(page(sample::input(m_train, m_test)).contains(text));
    }

    void nothingRunsAndNothingIsFetched()
    {
        const QString html = page(sample::input(m_train, m_test));
        QVERIFY(html.contains(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
            "style-src 'unsafe-inline'\">"));
        QVERIFY(!html.contains("<script", Qt::CaseInsensitive));
        QVERIFY(!html.contains("http:") && !html.contains("https:") && !html.contains("href="));
        QVERIFY(html.indexOf("Content-Security-Policy") < html.indexOf("<style>"));
    }

    void namesFromFilesCannotBecomeMarkup()
    {
        const QString html = page(hostileInput(m_train, m_test));
        QCOMPARE(tagsOf(html), tagsOf(page(sample::input(m_train, m_test))));
        QVERIFY(!html.contains("<script") && !html.contains("<img src=x") && !html.contains("\" onload="));
        QVERIFY(html.contains("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
        QVERIFY(html.contains("&quot; onload=&quot;x&amp;amp;"));
        QVERIFY(!html.contains(QChar(0x202E)));
    }

    void textIsEscaped_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("html");
        QTest::newRow("plain") << QByteArray("4 → ü 猫 🐈") << QString::fromUtf8("4 → ü 猫 🐈");
        QTest::newRow("markup") << QByteArray("<a b='c' d=\"e\">&")
                                << "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;";
        QTest::newRow("not UTF-8") << QByteArray("a\xFFz") << QString("a\uFFFDz");
        QTest::newRow("cut short") << QByteArray("a\xE2\x82") << QString("a\uFFFD\uFFFD");
        QTest::newRow("overlong <") << QByteArray("\xC0\xBC") << QString("\uFFFD\uFFFD");
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << QString("\uFFFD\uFFFD\uFFFD");
        QTest::newRow("beyond Unicode")
            << QByteArray("\xF4\x90\x80\x80") << QString("\uFFFD\uFFFD\uFFFD\uFFFD");
        QTest::newRow("control") << QByteArray("a\x01\x7F\nb", 5) << QString("a\uFFFD\uFFFD\nb");
        QTest::newRow("override") << QByteArray("a\u202Eb\u2066") << QString("a\uFFFDb\uFFFD");
    }

    void textIsEscaped()
    {
        QFETCH(QByteArray, text);
        QTEST(QString::fromStdString(escaped(text.toStdString())), "html");
    }

    void numbersAreForPeople()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(countText(0), std::string("0"));
        QCOMPARE(countText(999), std::string("999"));
        QCOMPARE(countText(1000), std::string("1,000"));
        QCOMPARE(countText(-1234567), std::string("-1,234,567"));
        QCOMPARE(countText(1, "image", "images"), std::string("1 image"));
        QCOMPARE(percentText(0.6354), std::string("63.5\u202F%"));
        QCOMPARE(percentText(nan), std::string("–"));
        QCOMPARE(rangeText(0.5, 0.725), std::string("50.0–72.5\u202F%"));
        QCOMPARE(pointsText(0.059), std::string("+5.9"));
        QCOMPARE(pointsText(-0.003), std::string("−0.3"));
        QCOMPARE(pointsText(-0.0001), std::string("0.0"));
        QCOMPARE(secondsText(7.23), std::string("7.2\u202Fs"));
        QCOMPARE(secondsText(67.4), std::string("1\u202Fmin 7\u202Fs"));
    }

    void thumbnailsDecode()
    {
        const auto pictures = picturesOf(page(sample::input(m_train, m_test)));
        QCOMPARE(pictures.size(), 120);
        for (const auto& png : pictures)
            QVERIFY(png.startsWith(pngSignature));
#ifdef QT_GUI_LIB
        const QImage first = QImage::fromData(pictures[0], "PNG");
        QCOMPARE(first.size(), QSize(28, 28));
        const auto expected = m_train.image(*m_train.rowOf(0));
        for (int i = 0; i < 28 * 28; ++i)
            QCOMPARE(qGray(first.pixel(i % 28, i / 28)), int{expected[static_cast<std::size_t>(i)]});
#endif
    }

    void aColourPictureKeepsItsPlanes()
    {
        const std::vector<std::uint8_t> planes{255, 0, 0, 1, 0, 255, 0, 2, 0, 0, 255, 3}; // 3 × 2 × 2
        const auto png = pngOf(planes, {3, 2, 2});
        const QByteArray bytes(reinterpret_cast<const char*>(png.data()), static_cast<qsizetype>(png.size()));
        QVERIFY(bytes.startsWith(pngSignature));
#ifdef QT_GUI_LIB
        const QImage image = QImage::fromData(bytes, "PNG");
        QCOMPARE(image.pixel(0, 0), qRgb(255, 0, 0));
        QCOMPARE(image.pixel(1, 0), qRgb(0, 255, 0));
        QCOMPARE(image.pixel(0, 1), qRgb(0, 0, 255));
        QCOMPARE(image.pixel(1, 1), qRgb(1, 2, 3));
#endif
    }

    void aPictureThatDoesNotFitIsEmpty_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("height");
        QTest::newRow("too few bytes") << 3 << 1 << 4;
        QTest::newRow("two channels") << 8 << 2 << 4;
        QTest::newRow("no rows") << 0 << 1 << 0;
        QTest::newRow("negative") << 4 << 1 << -4;
    }

    void aPictureThatDoesNotFitIsEmpty()
    {
        QFETCH(int, bytes);
        QFETCH(int, channels);
        QFETCH(int, height);
        const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(bytes));
        QVERIFY(pngOf(pixels, {channels, height, 1}).empty());
    }

    void largePicturesAreShrunk()
    {
        data::ImageSet large;
        large.shape = {1, 300, 500};
        large.labels = {0};
        large.sourceIndex = {0};
        large.pixels = data::PixelBuffer::of(std::vector<std::uint8_t>(300 * 500, 77));
        ReportInput input = emptyInput();
        input.causes = sample::causes(1, 1);
        input.train = &large;
        const auto pictures = picturesOf(page(input));
        QCOMPARE(pictures.size(), 1);
        QCOMPARE(pictures[0].mid(16, 8).toHex(), QByteArray("0000007d0000004b")); // IHDR: 125 × 75
    }

    void sameInputsSameBytes()
    {
        QCOMPARE(htmlReport(sample::input(m_train, m_test)), htmlReport(sample::input(m_train, m_test)));
    }

    void theNumberOfThumbnailsIsKept_data()
    {
        QTest::addColumn<int>("most");
        for (const int most : {0, 1, 7, 120, 100000})
            QTest::newRow(std::to_string(most).c_str()) << most;
    }

    void theNumberOfThumbnailsIsKept()
    {
        QFETCH(int, most);
        ReportInput input = sample::input(m_train, m_test);
        input.maxThumbnails = static_cast<std::size_t>(most);
        QVERIFY(picturesOf(page(input)).size() <= most);
    }

    void imagesThatAreNotAtHandAreSaid()
    {
        ReportInput input = sample::input(m_train, m_test);
        input.train = nullptr;
        const QString html = page(input);
        QCOMPARE(html.count("The images were not at hand when this page was made."), 1);
        QCOMPARE(picturesOf(html).size(), 30);
    }

    void anImageThatIsNotLoadedLeavesAFrame()
    {
        ReportInput input = sample::input(m_train, m_test);
        input.causes[0].index = 123456;
        QCOMPARE(page(input).count("no image</div>"), 1);
    }

    void missingSectionsLeaveNoTrace_data()
    {
        QTest::addColumn<QString>("section");
        QTest::addColumn<std::function<void(ReportInput&)>>("remove");
        using Remove = std::function<void(ReportInput&)>;
        QTest::newRow("identification")
            << "method" << Remove([](ReportInput& i) { i.result.identification.reset(); });
        QTest::newRow("causes") << "culprits" << Remove([](ReportInput& i) { i.causes.clear(); });
        QTest::newRow("treatments") << "changed" << Remove([](ReportInput& i) {
            i.result.treatments.clear();
            i.result.control.reset();
        });
        QTest::newRow("classes") << "classes" << Remove([](ReportInput& i) {
            for (auto& treatment : i.result.treatments)
                treatment.perClass.clear();
        });
        QTest::newRow("evaluation") << "confusion"
                                    << Remove([](ReportInput& i) { i.result.evaluation.reset(); });
        QTest::newRow("failures") << "failures" << Remove([](ReportInput& i) { i.failures.clear(); });
        QTest::newRow("notes") << "notes" << Remove([](ReportInput& i) {
            i.result.identification->notes.clear();
            i.result.treatments[0].notes.clear();
        });
        QTest::newRow("everything asked") << "asked" << Remove([](ReportInput& i) { i = emptyInput(); });
    }

    void missingSectionsLeaveNoTrace()
    {
        QFETCH(QString, section);
        QFETCH(std::function<void(ReportInput&)>, remove);
        ReportInput input = sample::input(m_train, m_test);
        const QString mark = QStringLiteral("<section id=\"%1\">").arg(section);
        QVERIFY(page(input).contains(mark));
        remove(input);
        const QString html = page(input);
        QVERIFY(!html.contains(mark));
        QVERIFY(html.endsWith("</html>\n"));
    }

    void theFindingFitsWhatWasMeasured_data()
    {
        QTest::addColumn<std::function<void(Result&)>>("change");
        QTest::addColumn<QString>("finding");
        using Change = std::function<void(Result&)>;
        QTest::newRow("no control") << Change([](Result& r) { r.control.reset(); }) << "to 95.7\u202F%.</p>";
        QTest::newRow("worse")
            << Change([](Result& r) { r.treatments[0].after.test = 0.8; })
            << "held-out failures, but accuracy on the whole test set fell from 89.8\u202F% to "
               "80.0\u202F%.";
        QTest::newRow("no effect") << Change([](Result& r) {
            r.treatments[0].fixed = r.treatments[0].broken = 0;
        }) << "Relabelling and rehearsing made no difference: no test image changed.";
        QTest::newRow("no split") << Change([](Result& r) { r.split.reset(); })
                                  << "repaired 63.5\u202F% of the held-out failures";
        QTest::newRow("no treatment")
            << Change([](Result& r) { r.treatments.clear(); })
            << "312 images of 3,000 in the training set are likely causes of the failures; an "
               "estimated 93.0\u202F% of them rightly accused.";
        QTest::newRow("evaluation only") << Change([](Result& r) {
            r.treatments.clear();
            r.identification.reset();
        }) << "The model is right on 89.8\u202F% of the test images and fails on 204.";
        QTest::newRow("unknown method")
            << Change([](Result& r) { r.best = r.treatments[0].method = "novel"; })
            << "novel repaired 61 of 96";
        QTest::newRow("nothing") << Change([](Result& r) { r = Result{}; }) << "Nothing was measured.";
    }

    void theFindingFitsWhatWasMeasured()
    {
        QFETCH(std::function<void(Result&)>, change);
        QFETCH(QString, finding);
        ReportInput input = sample::input(m_train, m_test);
        change(input.result);
        const QString html = page(input);
        QVERIFY2(html.contains(finding), qPrintable(html.mid(html.indexOf("class=\"finding\""), 400)));
    }

    void manyClassesBecomeAList()
    {
        ReportInput input = emptyInput();
        input.result.evaluation = EvaluationSection{0.5, 3, {100, std::vector<std::int64_t>(10000)}, 0.1};
        input.result.evaluation->confusion.counts[5 * 100 + 7] = 3;
        const QString html = page(input);
        QVERIFY(!html.contains("class=\"matrix\""));
        QVERIFY(html.contains("<bdi>5</bdi></th><td><bdi>7</bdi></td><td class=\"n\">3</td>"));
    }

    void emptyGroupsAreADash()
    {
        ReportInput input = sample::input(m_train, m_test);
        const double nan = std::numeric_limits<double>::quiet_NaN();
        input.result.treatments[0].after.holdout = input.result.treatments[0].before.holdout = nan;
        const QString html = page(input);
        QVERIFY(!html.contains("nan", Qt::CaseSensitive));
        QVERIFY(html.contains("no images"));
    }

    void elementsAreClosed()
    {
        QString html = page(hostileInput(m_train, m_test));
        html.remove("<!DOCTYPE html>\n");
        html.replace(QRegularExpression("<(meta|img)([^>]*)>"), "<\\1\\2/>").replace("<br>", "<br/>");
        QXmlStreamReader reader(html);
        while (!reader.atEnd())
            reader.readNext();
        QVERIFY2(!reader.hasError(),
                 qPrintable(reader.errorString() + ": line " + QString::number(reader.lineNumber())));
    }
};

QTEST_APPLESS_MAIN(TestHtmlReport)
#include "tst_html_report.moc"
