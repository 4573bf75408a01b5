// SPDX-License-Identifier: GPL-3.0-or-later
// Plots as files: whole SVG documents in which every line, bar and name can be found where its numbers say.
#include "report/plots.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QXmlStreamReader>
#include <cmath>
#include <limits>

using namespace culprit::report;

namespace {

struct Element {
    QString name;
    QXmlStreamAttributes attributes;
    QString text;

    QString operator[](const char* key) const { return attributes.value(QLatin1String(key)).toString(); }
};

/// Empty where the document is not well-formed.
QList<Element> elementsOf(const std::string& svg)
{
    QXmlStreamReader reader(QByteArray::fromStdString(svg));
    QList<Element> elements;
    while (!reader.atEnd()) {
        reader.readNext();
        if (reader.isStartElement())
            elements.append({reader.name().toString(), reader.attributes(), {}});
        if (reader.isCharacters() && !elements.isEmpty())
            elements.last().text += reader.text();
    }
    return reader.hasError() ? QList<Element>() : elements;
}

QList<Element> named(const QList<Element>& elements, const char* name)
{
    QList<Element> found;
    for (const auto& element : elements)
        if (element.name == QLatin1String(name))
            found.append(element);
    return found;
}

QStringList textsOf(const QList<Element>& elements)
{
    QStringList texts;
    for (const auto& element : named(elements, "text"))
        texts << element.text.trimmed();
    return texts;
}

LinePlot twoLines()
{
    return {"mnist: precision & recall",
            {"recall", 0.0, 1.0},
            {"precision", 0.0, 1.0},
            {{"ewc", {{0.0, 1.0}, {1.0, 0.0}}}, {"<margin>", {{0.0, 0.5}, {0.5, NAN}, {1.0, 0.5}}, true}}};
}

} // namespace

class PlotsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void linesAreNamedAndDrawn();
    void linesDifferWithoutColour();
    void pointsLieWhereTheyShould();
    void barsAreAsLongAsTheirValues();
    void axesEndAtRoundNumbers_data();
    void axesEndAtRoundNumbers();
};

void PlotsTest::linesAreNamedAndDrawn()
{
    const auto elements = elementsOf(svgOf(twoLines()));
    QVERIFY(!elements.isEmpty());
    QCOMPARE(elements.front().name, QStringLiteral("svg"));
    QCOMPARE(elements.front()["role"], QStringLiteral("img"));
    QCOMPARE(named(elements, "title").front().text.trimmed(), QStringLiteral("mnist: precision & recall"));
    const auto texts = textsOf(elements);
    for (const auto* text :
         {"mnist: precision & recall", "recall", "precision", "ewc", "<margin>", "0.0", "1.0"})
        QVERIFY2(texts.contains(QLatin1String(text)), text);
    QCOMPARE(named(elements, "polyline").size(), 2);
    QCOMPARE(named(elements, "circle").size(), 2); // the point that is no number has none
}

void PlotsTest::linesDifferWithoutColour()
{
    LinePlot plot = twoLines();
    plot.lines.assign(18, {"a method", {{0.0, 0.0}, {1.0, 1.0}}});
    QSet<QString> looks;
    for (const auto& line : named(elementsOf(svgOf(plot)), "polyline"))
        looks << line["stroke"] + "/" + line["stroke-dasharray"];
    QCOMPARE(looks.size(), 18);
}

void PlotsTest::pointsLieWhereTheyShould()
{
    const auto lines = named(elementsOf(svgOf(twoLines())), "polyline");
    const auto falling = lines[0]["points"].split(QRegularExpression("[ ,]"));
    const auto level = lines[1]["points"].split(QRegularExpression("[ ,]"));
    QCOMPARE(falling.size(), 4);
    QVERIFY(falling[0].toDouble() < falling[2].toDouble());
    QVERIFY2(falling[1].toDouble() < falling[3].toDouble(), "up is less in SVG");
    QCOMPARE(level.size(), 4);
    QCOMPARE(level[1].toDouble(), (falling[1].toDouble() + falling[3].toDouble()) / 2);
}

void PlotsTest::barsAreAsLongAsTheirValues()
{
    const BarPlot plot{"areas",
                       {"AUPRC", 0.0, 1.0},
                       {{"culprit", 0.8, std::pair(0.75, 0.85)}, {"ewc", 0.4, {}}, {"none", NAN, {}}}};
    const auto elements = elementsOf(svgOf(plot));
    const auto bars = named(elements, "rect"); // the first is the ground
    QCOMPARE(bars.size(), 3);
    QCOMPARE(bars[1]["width"].toDouble(), 2 * bars[2]["width"].toDouble());
    const auto texts = textsOf(elements);
    for (const auto* text : {"culprit", "ewc", "none", "AUPRC", "0.800 (0.750 … 0.850)", "0.400", "–"})
        QVERIFY2(texts.contains(QString::fromUtf8(text)), text);
}

void PlotsTest::axesEndAtRoundNumbers_data()
{
    QTest::addColumn<QList<double>>("values");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::newRow("none") << QList<double>{} << 0.0 << 1.0;
    QTest::newRow("accuracies") << QList<double>{0.9111, 0.9712, 0.95} << 0.90 << 0.98;
    QTest::newRow("no numbers among them") << QList<double>{NAN, 0.12, 0.78} << 0.0 << 0.8;
}

void PlotsTest::axesEndAtRoundNumbers()
{
    QFETCH(QList<double>, values);
    QFETCH(double, low);
    QFETCH(double, high);
    const auto axis = axisAround("accuracy", {values.begin(), values.end()});
    QCOMPARE(QString::fromStdString(axis.label), QStringLiteral("accuracy"));
    QVERIFY2(std::abs(axis.low - low) < 1e-9 && std::abs(axis.high - high) < 1e-9,
             qPrintable(QString("%1 … %2").arg(axis.low).arg(axis.high)));
}

QTEST_APPLESS_MAIN(PlotsTest)
#include "tst_plots.moc"
