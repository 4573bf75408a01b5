// SPDX-License-Identifier: GPL-3.0-or-later
// What identification keeps for each image of a large set: the slope of the heap's peak, counted in the
// allocation functions, since a process's resident memory is too noisy a measure for a test.
#include "causes/identify.h"
#include "evaluation/ranking.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <malloc.h>
#include <new>

using namespace culprit;
using namespace culprit::causes;
using namespace culprit::model;

namespace {

std::atomic<std::int64_t> live{0};
std::atomic<std::int64_t> peak{0};

void* counted(std::size_t size)
{
    void* const memory = std::malloc(std::max<std::size_t>(size, 1));
    if (!memory)
        throw std::bad_alloc();
    const auto now = live += static_cast<std::int64_t>(malloc_usable_size(memory));
    for (auto seen = peak.load(); now > seen && !peak.compare_exchange_weak(seen, now);) {
    }
    return memory;
}

void discounted(void* memory) noexcept
{
    if (memory)
        live -= static_cast<std::int64_t>(malloc_usable_size(memory));
    std::free(memory);
}

} // namespace

void* operator new(std::size_t size)
{
    return counted(size);
}
void* operator new[](std::size_t size)
{
    return counted(size);
}
void operator delete(void* memory) noexcept
{
    discounted(memory);
}
void operator delete[](void* memory) noexcept
{
    discounted(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    discounted(memory);
}
void operator delete[](void* memory, std::size_t) noexcept
{
    discounted(memory);
}

namespace {

constexpr data::ImageShape shape{1, 8, 8};
constexpr std::int32_t classes = 4;

struct Run {
    Identification found;
    std::int64_t heap = 0; ///< Its peak beyond what was there before.
};

Run identified(std::int64_t images, const char* method, std::int64_t featuresKept)
{
    const auto train = noisySet(images, classes, shape, 1);
    const auto query = noisySet(12, classes, shape, 2);
    const Classifier classifier = loadScript(softmaxScript(shape, classes), shape, classes);
    const auto before = live.load();
    peak = before;
    auto found =
        need(identify({classifier, train, query, {}}, {.method = method, .featuresKept = featuresKept}, {}));
    return {std::move(found), peak - before};
}

} // namespace

class MemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useOneThread(); }
    void anImageTakesLittle_data();
    void anImageTakesLittle();
    void scoresDoNotDependOnIt_data();
    void scoresDoNotDependOnIt();
};

void MemoryTest::anImageTakesLittle_data()
{
    QTest::addColumn<QString>("method");
    QTest::newRow("culprit") << "culprit";
    QTest::newRow("ewc") << "ewc";
}

void MemoryTest::anImageTakesLittle()
{
    QFETCH(QString, method);
    const auto few = identified(10'000, qPrintable(method), 9'000);
    const auto many = identified(20'000, qPrintable(method), 9'000);
    const double bytes = double(many.heap - few.heap) / 10'000.0;
    qInfo("%.0f bytes an image", bytes);
    QVERIFY2(bytes < 300.0, qPrintable(QString::number(bytes)));
}

void MemoryTest::scoresDoNotDependOnIt_data()
{
    anImageTakesLittle_data();
}

void MemoryTest::scoresDoNotDependOnIt()
{
    QFETCH(QString, method);
    const auto kept = identified(9'000, qPrintable(method), 9'000).found;
    const auto passed = identified(9'000, qPrintable(method), 8'999).found;
    QVERIFY(passed.forwardSeconds > 0.0);
    const double rank = evaluation::spearman(kept.scores.culprit, passed.scores.culprit);
    QVERIFY2(rank > 0.99999, qPrintable(QString::number(rank, 'g', 9)));
    double largest = 0.0;
    for (std::size_t i = 0; i < kept.scores.suspicion.size(); ++i)
        largest = std::max(largest, std::abs(double(kept.scores.influence[i]) - passed.scores.influence[i]));
    QVERIFY2(largest < 1e-5, qPrintable(QString::number(largest)));
}

QTEST_APPLESS_MAIN(MemoryTest)
#include "tst_memory.moc"
