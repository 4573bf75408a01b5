// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/device_picker.h"

#include "widgets/flow_layout.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QSpinBox>
#include <QStandardItemModel>

namespace culprit::ui {

namespace {

constexpr int mostThreads = 512;

/// A label and what it belongs to, kept together where the line breaks.
QWidget* labelled(const QString& text, QWidget* field, QWidget* parent)
{
    auto* both = new QWidget(parent);
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(text, both);
    label->setBuddy(field);
    row->addWidget(label);
    row->addWidget(field);
    return both;
}

} // namespace

DevicePicker::DevicePicker(QWidget* parent)
    : QWidget(parent), m_device(new QComboBox(this)), m_threads(new QSpinBox(this))
{
    m_device->setObjectName(QStringLiteral("data.device"));
    m_device->setAccessibleName(tr("Device to compute on"));
    m_device->setToolTip(tr("Automatic takes a graphics card where the engine can use one."));
    m_device->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_device->installEventFilter(this);
    m_threads->setObjectName(QStringLiteral("data.threads"));
    m_threads->setAccessibleName(tr("Threads"));
    m_threads->setRange(0, mostThreads);
    m_threads->setSpecialValueText(tr("all"));
    m_threads->setKeyboardTracking(false);
    auto* line = new FlowLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(labelled(tr("Com&pute on"), m_device, this));
    line->addWidget(labelled(tr("&Threads"), m_threads, this));
    addDevice(QStringLiteral("auto"));
    addDevice(QStringLiteral("cpu"));
    setCurrent(QStringLiteral("auto"), 0);
    connect(m_device, &QComboBox::activated, this, &DevicePicker::choose);
    connect(m_threads, &QSpinBox::editingFinished, this, &DevicePicker::choose);
    connect(m_threads, &QSpinBox::valueChanged, this, [this] {
        if (!m_threads->hasFocus())
            choose();
    });
}

void DevicePicker::addDevice(const QString& device)
{
    QString text = tr("Graphics card %1").arg(device);
    if (device == QLatin1String("auto"))
        text = tr("Automatic");
    else if (device == QLatin1String("cpu"))
        text = m_processors > 0 ? tr("Processor, %Ln core(s)", nullptr, m_processors) : tr("Processor");
    const int place = m_device->findData(device);
    if (place >= 0)
        m_device->setItemText(place, text);
    else
        m_device->addItem(text, device);
}

void DevicePicker::setCurrent(const QString& device, int threads)
{
    addDevice(device);
    m_chosenDevice = device;
    m_chosenThreads = threads;
    const QSignalBlocker quietDevice(m_device);
    const QSignalBlocker quietThreads(m_threads);
    m_device->setCurrentIndex(m_device->findData(device));
    m_threads->setValue(threads);
}

QString DevicePicker::device() const
{
    return m_device->currentData().toString();
}

int DevicePicker::threads() const
{
    return m_threads->value();
}

void DevicePicker::setDevices(const QStringList& devices, int processors)
{
    m_knowledge = Knowledge::There;
    m_processors = processors;
    addDevice(QStringLiteral("cpu"));
    for (const QString& device : devices)
        addDevice(device);
    const bool onlyProcessor = devices.size() <= 1;
    m_device->setToolTip(onlyProcessor ? tr("The engine found no graphics card that it can use.")
                                       : tr("Automatic takes a graphics card where the engine can use one."));
}

void DevicePicker::forgetQuestion()
{
    if (m_knowledge == Knowledge::Asked)
        m_knowledge = Knowledge::None;
}

void DevicePicker::askOnce()
{
    if (m_knowledge != Knowledge::None)
        return;
    m_knowledge = Knowledge::Asked;
    Q_EMIT devicesWanted();
}

void DevicePicker::choose()
{
    if (device() == m_chosenDevice && threads() == m_chosenThreads)
        return;
    m_chosenDevice = device();
    m_chosenThreads = threads();
    Q_EMIT chosen(m_chosenDevice, m_chosenThreads);
}

bool DevicePicker::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_device &&
        (event->type() == QEvent::FocusIn || event->type() == QEvent::MouseButtonPress))
        askOnce();
    return QWidget::eventFilter(watched, event);
}

} // namespace culprit::ui
