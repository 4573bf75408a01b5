// SPDX-License-Identifier: GPL-3.0-or-later
// The colours can be read by everyone, in numbers; the icons exist, take the palette's colour and stay sharp.
#include "fatal_warnings.h"

#include "models/english_plurals.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace culprit::ui;

namespace {

/// The colour of the first pixel that is fully inked.
QColor inkOf(const QPixmap& pixmap)
{
    const QImage image = pixmap.toImage().convertToFormat(QImage::Format_ARGB32);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (qAlpha(image.pixel(x, y)) == 255)
                return QColor(image.pixel(x, y));
        }
    }
    return {};
}

struct Pair {
    const char* name;
    QColor front;
    QColor ground;
    double least;
};

std::vector<Pair> pairsOf(const QPalette& palette)
{
    const Accents& accents = accentsOf(palette);
    std::vector<Pair> pairs{
        {"text on blue", accents.onBlue, accents.blueFill, 4.5},
        {"text on orange", accents.onOrange, accents.orangeFill, 4.5},
        {"selected text", palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight), 4.5},
        {"tool tip", palette.color(QPalette::ToolTipText), palette.color(QPalette::ToolTipBase), 4.5},
        {"button", palette.color(QPalette::ButtonText), palette.color(QPalette::Button), 4.5},
    };
    for (const QColor& ground : {palette.color(QPalette::Window), palette.color(QPalette::Base),
                                 palette.color(QPalette::AlternateBase), accents.raised}) {
        pairs.push_back({"text", palette.color(QPalette::WindowText), ground, 7.0});
        pairs.push_back({"dim text", accents.dim, ground, 4.5});
        pairs.push_back({"placeholder", palette.color(QPalette::PlaceholderText), ground, 4.5});
        pairs.push_back({"link", palette.color(QPalette::Link), ground, 4.5});
        pairs.push_back({"blue", accents.blue, ground, 4.5});
        pairs.push_back({"orange", accents.orange, ground, 4.5});
        pairs.push_back({"blue area", accents.blueFill, ground, 3.0});
        pairs.push_back({"neutral area", accents.neutral, ground, 3.0});
    }
    for (const QColor& ground : {palette.color(QPalette::Window), palette.color(QPalette::Base)})
        pairs.push_back({"orange area", accents.orangeFill, ground, 3.0});
    return pairs;
}

} // namespace

class TestTheme : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void contrastIsThatOfWcag_data()
    {
        QTest::addColumn<QColor>("a");
        QTest::addColumn<QColor>("b");
        QTest::addColumn<double>("ratio");
        QTest::newRow("black on white") << QColor(Qt::black) << QColor(Qt::white) << 21.0;
        QTest::newRow("the other way round") << QColor(Qt::white) << QColor(Qt::black) << 21.0;
        QTest::newRow("itself") << QColor(0x1b6ca8) << QColor(0x1b6ca8) << 1.0;
        QTest::newRow("the lightest grey that passes") << QColor(0x767676) << QColor(Qt::white) << 4.54;
        QTest::newRow("pure blue") << QColor(0x0000ff) << QColor(Qt::white) << 8.59;
    }

    void contrastIsThatOfWcag()
    {
        QFETCH(QColor, a);
        QFETCH(QColor, b);
        QFETCH(double, ratio);
        QVERIFY2(std::abs(contrastRatio(a, b) - ratio) < 0.01,
                 qPrintable(QString::number(contrastRatio(a, b))));
    }

    void everyPairCanBeRead_data()
    {
        QTest::addColumn<QColor>("front");
        QTest::addColumn<QColor>("ground");
        QTest::addColumn<double>("least");
        for (const bool dark : {false, true}) {
            for (const Pair& pair : pairsOf(dark ? darkPalette() : lightPalette())) {
                QTest::addRow("%s: %s on %s", dark ? "dark" : "light", pair.name,
                              qPrintable(pair.ground.name()))
                    << pair.front << pair.ground << pair.least;
            }
        }
    }

    void everyPairCanBeRead()
    {
        QFETCH(QColor, front);
        QFETCH(QColor, ground);
        QFETCH(double, least);
        const double ratio = contrastRatio(front, ground);
        QVERIFY2(ratio >= least,
                 qPrintable(QString("%1 on %2: %3").arg(front.name(), ground.name()).arg(ratio)));
    }

    void aPaletteKnowsWhetherItIsDark()
    {
        QVERIFY(isDark(darkPalette()));
        QVERIFY(!isDark(lightPalette()));
    }

    void textOnAnyShadeIsTheOneThatReadsBetter()
    {
        for (const QPalette& palette : {lightPalette(), darkPalette()}) {
            for (int step = 0; step <= 20; ++step) {
                const QColor ground =
                    mixed(palette.color(QPalette::Base), accentsOf(palette).orangeFill, step / 20.0);
                QVERIFY(contrastRatio(readableOn(ground, palette), ground) >= 4.5);
            }
        }
    }

    void mixingGoesFromOneColourToTheOther()
    {
        QCOMPARE(mixed(Qt::black, Qt::white, 0.0), QColor(Qt::black));
        QCOMPARE(mixed(Qt::black, Qt::white, 1.0), QColor(Qt::white));
        QCOMPARE(mixed(QColor(0, 100, 200), QColor(100, 200, 0), 0.5), QColor(50, 150, 100));
    }

    void theSchemeSetsThePaletteAndSaysSo()
    {
        Theme theme;
        QCOMPARE(theme.scheme(), Theme::Scheme::System);
        QSignalSpy changed(&theme, &Theme::schemeChanged);
        theme.setScheme(Theme::Scheme::Dark);
        QVERIFY(isDark(QApplication::palette()));
        theme.setScheme(Theme::Scheme::Dark);
        QCOMPARE(changed.size(), 1);
        theme.setScheme(Theme::Scheme::Light);
        QVERIFY(!isDark(QApplication::palette()));
        theme.setScheme(Theme::Scheme::System);
        QVERIFY2(!isDark(QApplication::palette()), "the platform of the tests is light");
        QCOMPARE(changed.size(), 3);
    }

    void everyIconIsThere_data()
    {
        QTest::addColumn<int>("number");
        for (int i = 0; i < iconCount; ++i)
            QTest::addRow("%s", qPrintable(iconName(static_cast<Icon>(i)))) << i;
    }

    void everyIconIsThere()
    {
        QFETCH(int, number);
        const auto kind = static_cast<Icon>(number);
        const QColor ink(0x1b6ca8);
        const QPixmap pixmap = iconPixmap(kind, ink, 48, 1.0);
        QVERIFY(QFile::exists(QStringLiteral(":/culprit/icons/%1.svg").arg(iconName(kind))));
        QCOMPARE(inkOf(pixmap), ink);
    }

    void iconsAreSharpOnAnyScreen()
    {
        const QPixmap pixmap = iconPixmap(Icon::Open, Qt::black, 18, 2.0);
        QCOMPARE(pixmap.size(), QSize(36, 36));
        QCOMPARE(pixmap.deviceIndependentSize(), QSizeF(18, 18));
        const QPixmap asked = icon(Icon::Open, lightPalette()).pixmap(QSize(18, 18), 3.0);
        QCOMPARE(asked.size(), QSize(54, 54));
    }

    void iconsTakeThePalettesColours()
    {
        for (const QPalette& palette : {lightPalette(), darkPalette()}) {
            const QIcon drawn = icon(Icon::Stop, palette);
            QCOMPARE(inkOf(drawn.pixmap(48, QIcon::Normal)),
                     palette.color(QPalette::Active, QPalette::ButtonText));
            QCOMPARE(inkOf(drawn.pixmap(48, QIcon::Disabled)),
                     palette.color(QPalette::Disabled, QPalette::ButtonText));
            QCOMPARE(inkOf(drawn.pixmap(48, QIcon::Selected)),
                     palette.color(QPalette::Active, QPalette::HighlightedText));
        }
        QCOMPARE(inkOf(icon(Icon::Stop, QColor(0xd9731f), lightPalette()).pixmap(48)), QColor(0xd9731f));
    }

    void theApplicationHasAnIconInEverySize()
    {
        const QIcon drawn = applicationIcon();
        for (const int extent : {16, 24, 32, 48, 64, 128, 256})
            QVERIFY(drawn.availableSizes().contains(QSize(extent, extent)));
        QCOMPARE(drawn.pixmap(QSize(32, 32), 1.0).toImage().pixelColor(16, 16).hsvHue() / 30,
                 0); // its orange tile
    }

    void englishHasSingularAndPlural()
    {
        EnglishPlurals plurals;
        QCoreApplication::installTranslator(&plurals);
        const auto text = [](int n) {
            return QCoreApplication::translate("Test", "%n image(s), %n class(es)", nullptr, n);
        };
        QCOMPARE(text(0), "0 images, 0 classes");
        QCOMPARE(text(1), "1 image, 1 class");
        QCOMPARE(text(2), "2 images, 2 classes");
        QCOMPARE(QCoreApplication::translate("Test", "File(s)"), "File(s)");
        QCoreApplication::removeTranslator(&plurals);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
