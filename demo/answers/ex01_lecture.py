# 2021BDA 11/04 강의 따라하기
import numpy as np
import tensorflow as tf


def build_dense():
    net1 = tf.keras.Sequential()
    net1.add(tf.keras.layers.Flatten())
    net1.add(tf.keras.layers.Dense(500, activation='relu'))
    net1.add(tf.keras.layers.Dense(500, activation='relu'))
    net1.add(tf.keras.layers.Dense(500, activation='relu'))
    net1.add(tf.keras.layers.Dense(500, activation='relu'))
    net1.add(tf.keras.layers.Dense(10, activation='softmax'))
    net1.compile(optimizer='adam', loss=tf.losses.categorical_crossentropy, metrics=['accuracy'])
    return net1


def build_cnn():
    net2 = tf.keras.Sequential()
    net2.add(tf.keras.layers.Conv2D(30, (2, 2), activation='relu'))
    net2.add(tf.keras.layers.MaxPool2D())
    net2.add(tf.keras.layers.Conv2D(30, (2, 2), activation='relu'))
    net2.add(tf.keras.layers.MaxPool2D())
    net2.add(tf.keras.layers.Flatten())
    #net2.add(tf.keras.layers.Dense(500,activation='relu'))
    net2.add(tf.keras.layers.Dense(10, activation='softmax'))
    net2.compile(optimizer='adam', loss=tf.losses.categorical_crossentropy, metrics=['accuracy'])
    return net2


def parameter_ratio(cnn, dense):
    for net in [cnn, dense]:
        if not net.built:
            net.build((None, 28, 28, 1))
    return cnn.count_params() / dense.count_params()


def train(model, x, y, epochs):
    history = model.fit(x, y, epochs=epochs)
    return history.history['accuracy']
