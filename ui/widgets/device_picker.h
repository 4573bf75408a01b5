// SPDX-License-Identifier: GPL-3.0-or-later
// Where to compute and with how many threads. What devices there are takes a second to find out, so it is
// asked for when somebody opens the list, once.
#pragma once

#include <QStringList>
#include <QWidget>

class QComboBox;
class QSpinBox;

namespace culprit::ui {

class DevicePicker : public QWidget {
    Q_OBJECT

public:
    explicit DevicePicker(QWidget* parent = nullptr);

    /// "auto", "cpu", "cuda:0". `threads` 0: one a processor.
    void setCurrent(const QString& device, int threads);
    QString device() const;
    int threads() const;

    /// The answer to devicesWanted(). `processors` 0: not known.
    void setDevices(const QStringList& devices, int processors);
    /// There will be no answer: ask again next time.
    void forgetQuestion();

Q_SIGNALS:
    void devicesWanted();
    void chosen(const QString& device, int threads);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Knowledge { None, Asked, There };

    void addDevice(const QString& device);
    void askOnce();
    void choose();

    QComboBox* m_device;
    QSpinBox* m_threads;
    Knowledge m_knowledge = Knowledge::None;
    int m_processors = 0;
    QString m_chosenDevice;
    int m_chosenThreads = 0;
};

} // namespace culprit::ui
