<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ChartView</name>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>and %Ln more</numerusform>
            <numerusform>and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExplorePage</name>
    <message numerus="yes">
        <source>%n series</source>
        <translation>
            <numerusform>%n series</numerusform>
            <numerusform>%n series</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message numerus="yes">
        <source>%Ln series</source>
        <translation>
            <numerusform>%Ln series</numerusform>
            <numerusform>%Ln series</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message numerus="yes">
        <source>(and %n more)</source>
        <translation>
            <numerusform>(and %n more)</numerusform>
            <numerusform>(and %n more)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NavigationModel</name>
    <message numerus="yes">
        <source>%1, %n need attention</source>
        <translation>
            <numerusform>%1, %n needs attention</numerusform>
            <numerusform>%1, %n need attention</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Range</name>
    <message numerus="yes">
        <source>Last %n days</source>
        <translation>
            <numerusform>Last day</numerusform>
            <numerusform>Last %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Last %n hours</source>
        <translation>
            <numerusform>Last hour</numerusform>
            <numerusform>Last %n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Last %n minutes</source>
        <translation>
            <numerusform>Last minute</numerusform>
            <numerusform>Last %n minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RuleDialog</name>
    <message numerus="yes">
        <source>Records %n series now.</source>
        <translation>
            <numerusform>Records %n series now.</numerusform>
            <numerusform>Records %n series now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Holds for %n series now: each would be an alert.</source>
        <translation>
            <numerusform>Holds for %n series now: it would be an alert.</numerusform>
            <numerusform>Holds for %n series now: each would be an alert.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message numerus="yes">
        <source>%n days</source>
        <comment>a period</comment>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TimeChart</name>
    <message numerus="yes">
        <source>%Ln value(s) of zero or less not shown on a logarithmic axis</source>
        <translation>
            <numerusform>%Ln value of zero or less not shown on a logarithmic axis</numerusform>
            <numerusform>%Ln values of zero or less not shown on a logarithmic axis</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln value(s) not finite, not shown</source>
        <translation>
            <numerusform>%Ln value not finite, not shown</numerusform>
            <numerusform>%Ln values not finite, not shown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln series of native histograms not shown</source>
        <translation>
            <numerusform>%Ln series of native histograms not shown</numerusform>
            <numerusform>%Ln series of native histograms not shown</numerusform>
        </translation>
    </message>
</context>
</TS>
